package ringside.workloads.runner;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.workloads.latency.LatencySet;
import ringside.workloads.load.IoFailure;
import ringside.workloads.unit.IoUnit;

/**
 * What a run measured.
 *
 * @param lanes every lane
 * @param threads every load thread
 * @param series requests and bytes over time
 * @param stopped whether {@link JobRunner#requestStop()} ended it early
 * @param steady whether it became steady, of a run that was to end by that
 */
public record JobOutcome(
        List<LaneOutcome> lanes,
        List<ThreadOutcome> threads,
        SeriesOutcome series,
        boolean stopped,
        Optional<SteadyOutcome> steady) {
    public JobOutcome {
        lanes = List.copyOf(lanes);
        threads = List.copyOf(threads);
    }

    /** Of a run that ends by its time or size. */
    public JobOutcome(List<LaneOutcome> lanes, List<ThreadOutcome> threads, SeriesOutcome series, boolean stopped) {
        this(lanes, threads, series, stopped, Optional.empty());
    }

    /** From the first lane's begin to the last lane's end, in nanoseconds. */
    public long measuredNs() {
        return window(lanes);
    }

    /** Sums over all lanes by direction. */
    public List<DirectionOutcome> directions() {
        return DirectionOutcome.merge(parts().toList());
    }

    /** Sums over all lanes of one direction, empty when no job uses it. */
    public Optional<DirectionOutcome> direction(IoUnit.Op op) {
        return DirectionOutcome.merge(parts().filter(part -> part.op() == op).toList()).stream()
                .findFirst();
    }

    /** Sums per job, in the order of the plan. */
    public List<JobTotals> jobs() {
        return lanes.stream()
                .map(LaneOutcome::job)
                .distinct()
                .map(this::totalsOf)
                .toList();
    }

    /** Latencies over all lanes and directions. */
    public LatencySet latency() {
        LatencySet sum = LatencySet.empty();
        parts().forEach(part -> sum.add(part.latency()));
        return sum;
    }

    /** How the open loops of the run kept their schedule together; empty where there is none. */
    public Optional<OpenLoopOutcome> openLoop() {
        List<OpenLoopOutcome> parts =
                lanes.stream().flatMap(lane -> lane.openLoop().stream()).toList();
        return parts.isEmpty() ? Optional.empty() : Optional.of(OpenLoopOutcome.sum(parts));
    }

    /** Flushes among the writes of all jobs together; empty where no job makes any. */
    public Optional<SyncOutcome> syncs() {
        return syncs(lanes);
    }

    /** What the searches for a depth have found; empty where no job looks for one. */
    public Optional<TargetOutcome> target() {
        return target(lanes);
    }

    private static Optional<TargetOutcome> target(List<LaneOutcome> lanes) {
        List<TargetOutcome> parts =
                lanes.stream().flatMap(lane -> lane.target().stream()).toList();
        return parts.isEmpty() ? Optional.empty() : Optional.of(TargetOutcome.sum(parts));
    }

    private static Optional<SyncOutcome> syncs(List<LaneOutcome> lanes) {
        List<SyncOutcome> parts =
                lanes.stream().flatMap(lane -> lane.syncs().stream()).toList();
        return parts.isEmpty() ? Optional.empty() : Optional.of(SyncOutcome.sum(parts));
    }

    /** Successful requests. */
    public long ios() {
        return parts().mapToLong(DirectionOutcome::ios).sum();
    }

    /** Bytes moved. */
    public long bytes() {
        return parts().mapToLong(DirectionOutcome::bytes).sum();
    }

    /** Failed requests over all phases, flushes and verification included. */
    public long errors() {
        return parts().mapToLong(DirectionOutcome::errors).sum()
                + lanes.stream().mapToLong(LaneOutcome::otherErrors).sum();
    }

    /** Requests per second over {@link #measuredNs()}. */
    public double iops() {
        return measuredNs() == 0 ? 0 : ios() * 1e9 / measuredNs();
    }

    /** Bytes per second over {@link #measuredNs()}. */
    public double bytesPerSecond() {
        return measuredNs() == 0 ? 0 : bytes() * 1e9 / measuredNs();
    }

    /** CPU time of all load threads in MEASURE. */
    public long cpuNs() {
        return threads.stream().mapToLong(ThreadOutcome::cpuNs).sum();
    }

    /** Whether an I/O error ended a lane, so that the run did not measure what it should. */
    public boolean failed() {
        return lanes.stream().anyMatch(LaneOutcome::failed);
    }

    /** The first I/O error of the first lane that had one. */
    public Optional<IoFailure> firstFailure() {
        return lanes.stream().flatMap(lane -> lane.firstFailure().stream()).findFirst();
    }

    private JobTotals totalsOf(String job) {
        List<LaneOutcome> own =
                lanes.stream().filter(lane -> lane.job().equals(job)).toList();
        return new JobTotals(
                job,
                window(own),
                DirectionOutcome.merge(
                        own.stream().flatMap(lane -> lane.directions().stream()).toList()),
                syncs(own),
                target(own),
                own.stream().mapToLong(LaneOutcome::otherErrors).sum(),
                own.stream()
                        .flatMap(lane -> lane.firstFailure().stream())
                        .findFirst()
                        .map(IoFailure::errno)
                        .orElse(0));
    }

    private Stream<DirectionOutcome> parts() {
        return lanes.stream().flatMap(lane -> lane.directions().stream());
    }

    private static long window(List<LaneOutcome> lanes) {
        long start = lanes.stream().mapToLong(LaneOutcome::startNs).min().orElse(0);
        return lanes.stream().mapToLong(LaneOutcome::endNs).max().orElse(start) - start;
    }
}
