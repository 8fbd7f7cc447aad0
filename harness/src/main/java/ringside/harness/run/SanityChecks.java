package ringside.harness.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.Option;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.JobSpec;
import ringside.workloads.load.IoFailure;
import ringside.workloads.runner.DirectionOutcome;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.LaneOutcome;

/** Checks that a run's numbers fit together; a run that fails one is shown as invalid and never averaged. */
final class SanityChecks {
    /** Histograms round to 0.1 %; twice that is left for it. */
    private static final double ROUNDING = 0.002;

    /**
     * Between completion and the next request of a slot the load thread works or is off its CPU, so that less than the
     * configured depth is in flight. Where it is less than this, the generator was the bottleneck and not the disk.
     */
    private static final double LITTLE_LOW = 0.5;

    private SanityChecks() {}

    /**
     * All checks.
     *
     * @param options the run's options
     * @param more checks of the target
     */
    static List<SanityCheck> of(
            Function<Option, String> options, JobSource.Jobs jobs, JobOutcome outcome, List<SanityCheck> more) {
        List<SanityCheck> checks = new ArrayList<>();
        checks.add(errors(outcome));
        checks.add(new SanityCheck("ios", outcome.ios() > 0, outcome.ios() + " requests in the measured phase"));
        checks.add(histogramCount(outcome));
        checks.add(bandwidth(jobs, outcome));
        checks.add(littlesLaw(jobs, outcome));
        checks.add(
                ClockCheck.now(outcome.ios() == 0 ? 0 : outcome.latency().lat().getValueAtPercentile(50)));
        if (options.apply(Option.BLOCKDEV).isEmpty()) {
            long inFlight = slots(jobs, outcome);
            new ThrottleCheck(options, outcome.measuredNs())
                    .check(outcome.ios(), outcome.bytes(), inFlight, inFlight * largest(jobs, outcome))
                    .ifPresent(checks::add);
        }
        checks.addAll(more);
        return checks;
    }

    /** Most requests of all lanes at once. */
    private static long slots(JobSource.Jobs jobs, JobOutcome outcome) {
        return outcome.lanes().stream()
                .mapToLong(lane -> jobs.jobs().stream()
                        .filter(job -> job.name().equals(lane.job()))
                        .mapToLong(JobSpec::iodepth)
                        .findFirst()
                        .orElse(0))
                .sum();
    }

    private static long largest(JobSource.Jobs jobs, JobOutcome outcome) {
        return outcome.directions().stream()
                .flatMapToLong(direction -> jobs.jobs().stream().mapToLong(job -> size(job.bs(), direction)))
                .max()
                .orElse(0);
    }

    private static SanityCheck errors(JobOutcome outcome) {
        String first = outcome.firstFailure().map(IoFailure::message).orElse("");
        return new SanityCheck(
                "errors",
                outcome.errors() == 0,
                outcome.errors() + " failed requests" + (first.isEmpty() ? "" : "; the first: " + first));
    }

    private static SanityCheck histogramCount(JobOutcome outcome) {
        long recorded = outcome.latency().lat().getTotalCount();
        return new SanityCheck(
                "histogram_count",
                recorded == outcome.ios(),
                recorded + " latencies recorded for " + outcome.ios() + " requests");
    }

    /** Bytes must be requests times block size, per direction. */
    private static SanityCheck bandwidth(JobSource.Jobs jobs, JobOutcome outcome) {
        for (DirectionOutcome direction : outcome.directions()) {
            long smallest = Long.MAX_VALUE;
            long largest = 0;
            for (JobSpec job : jobs.jobs()) {
                smallest = Math.min(smallest, smallest(job.bs(), direction));
                largest = Math.max(largest, size(job.bs(), direction));
            }
            boolean fits =
                    direction.bytes() >= direction.ios() * smallest && direction.bytes() <= direction.ios() * largest;
            if (!fits) {
                return new SanityCheck(
                        "bandwidth",
                        false,
                        direction.op() + ": " + direction.bytes() + " bytes do not fit " + direction.ios()
                                + " requests of " + smallest + " to " + largest + " bytes");
            }
        }
        return new SanityCheck(
                "bandwidth",
                true,
                outcome.bytes() + " bytes in " + outcome.ios() + " requests, as the block size demands");
    }

    private static long smallest(BlockSizes bs, DirectionOutcome direction) {
        return bs.isFixed() ? size(bs, direction) : bs.minBytes();
    }

    private static long size(BlockSizes bs, DirectionOutcome direction) {
        return switch (direction.op()) {
            case READ -> bs.readBytes();
            case WRITE -> bs.writeBytes();
            case TRIM -> bs.trimBytes();
            case FLUSH -> 0;
        };
    }

    /**
     * Requests in flight = rate x time in the system. A slot's requests follow one another, and only the first one of a
     * window may have begun before it: so their latencies add up to at most the lane's window and the longest latency.
     */
    private static SanityCheck littlesLaw(JobSource.Jobs jobs, JobOutcome outcome) {
        Histogram latency = outcome.latency().lat();
        double windowNs = Math.max(1, outcome.measuredNs());
        double depth = configuredDepth(jobs, outcome, windowNs);
        double inFlight = latency.getTotalCount() * latency.getMean() / windowNs;
        double highest = (depth + slots(jobs, outcome) * latency.getMaxValue() / windowNs) * (1 + ROUNDING);
        // A job with a pace has as much in flight as its rate needs, one with pauses nothing now and then.
        double lowest = jobs.jobs().stream().allMatch(JobSpec::keepsItsDepth) ? LITTLE_LOW * depth : 0;
        return new SanityCheck(
                "littles_law",
                inFlight >= lowest && inFlight <= highest,
                String.format(
                        Locale.ROOT,
                        "IOPS x mean latency = %.1f requests in flight, %.1f configured (allowed %.1f to %.1f)",
                        inFlight,
                        depth,
                        lowest,
                        highest));
    }

    /** Depth of all lanes, each weighted with the share of the time in which it ran. */
    private static double configuredDepth(JobSource.Jobs jobs, JobOutcome outcome, double windowNs) {
        double depth = 0;
        for (LaneOutcome lane : outcome.lanes()) {
            for (JobSpec job : jobs.jobs()) {
                if (job.name().equals(lane.job())) {
                    depth += job.iodepth() * lane.measuredNs() / windowNs;
                    break;
                }
            }
        }
        return depth;
    }
}
