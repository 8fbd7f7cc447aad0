package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.harness.peer.FioOutput;
import ringside.harness.results.HistogramData;
import ringside.harness.results.JobResult;
import ringside.harness.results.JobResult.DirectionResult;
import ringside.workloads.job.JobSpec;
import ringside.workloads.runner.DirectionOutcome;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobTotals;

/** What each job did, job by job and direction by direction. */
final class JobResults {
    private static final HistogramData NOTHING = new HistogramData("ns", 0, 0, 0, 0, 0, Map.of(), "");

    private final boolean single;

    private JobResults(boolean single) {
        this.single = single;
    }

    /** Of our own load. */
    static List<JobResult> of(JobOutcome outcome, List<JobSpec> jobs) {
        List<JobTotals> totals = outcome.jobs();
        JobResults results = new JobResults(
                totals.stream().mapToInt(job -> job.directions().size()).sum() == 1);
        return totals.stream().map(job -> results.job(job, jobs)).toList();
    }

    /** Of fio, which reports all jobs together; under the name of the first. */
    static List<JobResult> of(FioOutput output, List<JobSpec> jobs) {
        JobResults results = new JobResults(output.directions().size() == 1);
        Map<String, DirectionResult> directions = new LinkedHashMap<>();
        for (FioOutput.Direction part : output.directions()) {
            directions.put(
                    part.name(),
                    new DirectionResult(
                            part.ios(),
                            part.bytes(),
                            0,
                            results.data(part.latency().get("slat")),
                            results.data(part.latency().get("clat")),
                            results.data(part.latency().get("lat"))));
        }
        JobSpec first = jobs.getFirst();
        int clones = jobs.stream().mapToInt(JobSpec::numjobs).sum();
        return List.of(
                new JobResult(first.name(), ResultBuilder.jobOptions(first), clones, output.runtimeNs(), directions));
    }

    private JobResult job(JobTotals totals, List<JobSpec> jobs) {
        JobSpec spec = jobs.stream()
                .filter(job -> job.name().equals(totals.job()))
                .findFirst()
                .orElseThrow();
        Map<String, DirectionResult> directions = new LinkedHashMap<>();
        for (DirectionOutcome part : totals.directions()) {
            directions.put(
                    part.op().name().toLowerCase(Locale.ROOT),
                    new DirectionResult(
                            part.ios(),
                            part.bytes(),
                            part.errors(),
                            data(part.latency().slat()),
                            data(part.latency().clat()),
                            data(part.latency().lat())));
        }
        totals.syncs()
                .ifPresent(syncs -> directions.put(
                        JobResult.SYNC,
                        new DirectionResult(syncs.ios(), 0, 0, NOTHING, NOTHING, Histograms.data(syncs.latency()))));
        Map<String, String> options = new LinkedHashMap<>(ResultBuilder.jobOptions(spec));
        totals.target().ifPresent(target -> options.put(JobResult.LATENCY_DEPTH, Integer.toString(target.depth())));
        return new JobResult(
                totals.job(),
                options,
                spec.numjobs(),
                totals.measuredNs(),
                directions,
                totals.otherErrors(),
                totals.errno(),
                List.of());
    }

    /** The only direction of the only job has the histograms of the run: not kept twice. */
    private HistogramData data(Histogram histogram) {
        HistogramData data = Histograms.data(histogram);
        return single
                ? new HistogramData(
                        data.unit(),
                        data.count(),
                        data.min(),
                        data.max(),
                        data.mean(),
                        data.stddev(),
                        data.percentiles(),
                        "")
                : data;
    }
}
