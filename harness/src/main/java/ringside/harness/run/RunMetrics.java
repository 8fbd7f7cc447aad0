package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.trace.CounterId;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.Series;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.SeriesOutcome;
import ringside.workloads.runner.ThreadOutcome;

/** The numbers of a result; their names are fixed in {@link ringside.harness.results.RunResult}. */
final class RunMetrics {
    private RunMetrics() {}

    static Map<String, Metric> of(WorkerRun.Measured run) {
        JobOutcome outcome = run.outcome();
        double cpuSeconds = run.cpu().processNs() / 1e9;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("iops", new Metric(outcome.iops(), "1/s", Better.HIGHER));
        metrics.put("bandwidth", new Metric(outcome.bytesPerSecond(), "bytes/s", Better.HIGHER));
        metrics.put("ios", new Metric(outcome.ios(), "1", Better.NEITHER));
        metrics.put("bytes", new Metric(outcome.bytes(), "bytes", Better.NEITHER));
        metrics.put("errors", new Metric(outcome.errors(), "1", Better.LOWER));
        metrics.put("runtime", new Metric(outcome.measuredNs(), "ns", Better.NEITHER));
        metrics.put("cpu_seconds", new Metric(cpuSeconds, "s", Better.LOWER));
        metrics.put(
                "iops_per_cpu_second",
                new Metric(cpuSeconds == 0 ? 0 : outcome.ios() / cpuSeconds, "1/s", Better.HIGHER));
        metrics.put("load_allocated_bytes", new Metric(allocated(outcome), "bytes", Better.LOWER));
        if (run.machine().trace().counts()) {
            counted(metrics, run);
        }
        return metrics;
    }

    /** What only a machine that counts can tell; without counters these are unknown, not 0. */
    private static void counted(Map<String, Metric> metrics, WorkerRun.Measured run) {
        metrics.put("lock_wait_share", new Metric(lockWaitShare(run), "ratio", Better.LOWER));
        metrics.put("lock_acquisitions", new Metric(run.counted().lockHoldNs().count(), "1", Better.NEITHER));
        for (CounterId id : CounterId.values()) {
            String unit = id.label().endsWith("_ns") ? "ns" : "1";
            metrics.put("counter." + id.label(), new Metric(run.counted().total(id), unit, Better.NEITHER));
        }
    }

    static List<Series> series(JobOutcome outcome) {
        SeriesOutcome series = outcome.series();
        return List.of(
                new Series("iops", "1/s", series.intervalNs(), series.iops()),
                new Series("bandwidth", "bytes/s", series.intervalNs(), series.bytesPerSecond()));
    }

    /** Wait for the big lock, as a share of the time of the threads that take it: vCPUs and main loop. */
    private static double lockWaitShare(WorkerRun.Measured run) {
        double threadNs = (double) run.cpu().atNs() * (run.outcome().threads().size() + 1);
        return threadNs == 0 ? 0 : run.counted().lockWaitNs().sum() / threadNs;
    }

    private static long allocated(JobOutcome outcome) {
        return outcome.threads().stream()
                .mapToLong(ThreadOutcome::allocatedBytes)
                .sum();
    }
}
