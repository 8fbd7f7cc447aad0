package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.Series;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.OpenLoopOutcome;
import ringside.workloads.runner.SeriesOutcome;
import ringside.workloads.runner.ThreadOutcome;

/** The numbers of a result; their names are fixed in {@link ringside.harness.results.RunResult}. */
final class RunMetrics {
    private RunMetrics() {}

    static Map<String, Metric> of(JobOutcome outcome, CpuMeter cpu, GcMeter gc, TargetFacts facts) {
        double cpuSeconds = (cpu.processNs() + facts.cpuNs()) / 1e9;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("iops", new Metric(outcome.iops(), "1/s", Better.HIGHER));
        metrics.put("bandwidth", new Metric(outcome.bytesPerSecond(), "bytes/s", Better.HIGHER));
        metrics.put("ios", new Metric(outcome.ios(), "1", Better.NEITHER));
        metrics.put("bytes", new Metric(outcome.bytes(), "bytes", Better.NEITHER));
        metrics.put("errors", new Metric(outcome.errors(), "1", Better.LOWER));
        metrics.put("runtime", new Metric(outcome.measuredNs(), "ns", Better.NEITHER));
        metrics.put("cpu_seconds", new Metric(cpuSeconds, "s", Better.LOWER));
        if (outcome.target().isEmpty()) { // a search has used CPU time for requests that do not count
            metrics.put(
                    "iops_per_cpu_second",
                    new Metric(cpuSeconds == 0 ? 0 : outcome.ios() / cpuSeconds, "1/s", Better.HIGHER));
        }
        metrics.put("load_allocated_bytes", new Metric(allocated(outcome), "bytes", Better.LOWER));
        metrics.put("gc_count", new Metric(gc.count(), "1", Better.LOWER));
        metrics.put("gc_time", new Metric(gc.timeMs() * 1e6, "ns", Better.LOWER));
        metrics.put("jit_time", new Metric(gc.jitMs() * 1e6, "ns", Better.LOWER));
        latency(metrics, "lat", outcome.latency().lat());
        outcome.openLoop().ifPresent(loop -> openLoop(metrics, loop));
        outcome.target()
                .ifPresent(target -> metrics.put("latency_depth", new Metric(target.depth(), "1", Better.HIGHER)));
        outcome.steady().ifPresent(steady -> {
            metrics.put("steadystate_attained", new Metric(steady.attained() ? 1 : 0, "1", Better.HIGHER));
            metrics.put("steadystate_time", new Metric(steady.atNs(), "ns", Better.LOWER));
        });
        outcome.syncs().ifPresent(syncs -> {
            metrics.put("sync_ios", new Metric(syncs.ios(), "1", Better.NEITHER));
            latency(metrics, "sync_lat", syncs.latency());
        });
        metrics.putAll(facts.metrics());
        return metrics;
    }

    /** Percentiles as numbers, so that they can be compared like any other metric. */
    static void latency(Map<String, Metric> metrics, String name, Histogram latency) {
        if (latency.getTotalCount() > 0) {
            metrics.put(name + "_p50", new Metric(latency.getValueAtPercentile(50), "ns", Better.LOWER));
            metrics.put(name + "_p99", new Metric(latency.getValueAtPercentile(99), "ns", Better.LOWER));
            metrics.put(name + "_p99_9", new Metric(latency.getValueAtPercentile(99.9), "ns", Better.LOWER));
        }
    }

    private static void openLoop(Map<String, Metric> metrics, OpenLoopOutcome loop) {
        metrics.put("due_ios", new Metric(loop.due(), "1", Better.NEITHER));
        metrics.put("late_ios", new Metric(loop.late(), "1", Better.LOWER));
        metrics.put("skipped_ios", new Metric(loop.skipped(), "1", Better.LOWER));
        latency(metrics, "lat_intended", loop.latency());
    }

    /** Load of other processes on the host: where it is not small, a figure says more about them than about the target. */
    static void host(Map<String, Metric> metrics, HostCpu host, CpuMeter cpu, TargetFacts facts) {
        double windowNs = Math.max(1, cpu.atNs());
        double others = Math.max(0, host.busyNs() - cpu.processNs() - facts.cpuNs());
        metrics.put("host_other_cpus", new Metric(others / windowNs, "1", Better.LOWER));
        metrics.put("host_stolen_cpus", new Metric(host.stolenNs() / windowNs, "1", Better.LOWER));
    }

    static List<Series> series(JobOutcome outcome) {
        SeriesOutcome series = outcome.series();
        return List.of(
                new Series("iops", "1/s", series.intervalNs(), series.iops()),
                new Series("bandwidth", "bytes/s", series.intervalNs(), series.bytesPerSecond()));
    }

    private static long allocated(JobOutcome outcome) {
        return outcome.threads().stream()
                .mapToLong(ThreadOutcome::allocatedBytes)
                .sum();
    }
}
