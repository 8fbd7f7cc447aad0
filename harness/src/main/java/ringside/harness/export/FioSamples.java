package ringside.harness.export;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import ringside.harness.results.RunResult;
import ringside.harness.results.Series;

/**
 * fio's figures over its samples of bandwidth and IOPS. Ours are the intervals of the run's series; they are known for a
 * run of one job and one direction, and fio's value for no samples stands elsewhere.
 */
final class FioSamples {
    private static final double KIB = 1024;
    private static final double HUNDRED = 100;

    private FioSamples() {}

    static void put(Map<String, Object> direction, RunResult run) {
        boolean single = run.jobs().size() == 1 && run.jobs().getFirst().data().size() == 1;
        Optional<Series> bandwidth = series(run, "bandwidth").filter(_ -> single);
        Optional<Series> iops = series(run, "iops").filter(_ -> single);
        if (bandwidth.isEmpty() || iops.isEmpty()) {
            none(direction);
            return;
        }
        SummaryStatistics kib = statistics(bandwidth.get().values(), KIB);
        direction.put("bw_min", (long) kib.getMin());
        direction.put("bw_max", (long) kib.getMax());
        direction.put("bw_agg", HUNDRED);
        direction.put("bw_mean", kib.getMean());
        direction.put("bw_dev", kib.getStandardDeviation());
        direction.put("bw_samples", kib.getN());
        SummaryStatistics rates = statistics(iops.get().values(), 1);
        direction.put("iops_min", (long) rates.getMin());
        direction.put("iops_max", (long) rates.getMax());
        direction.put("iops_mean", rates.getMean());
        direction.put("iops_stddev", rates.getStandardDeviation());
        direction.put("iops_samples", rates.getN());
    }

    static void none(Map<String, Object> direction) {
        direction.put("bw_min", 0);
        direction.put("bw_max", 0);
        direction.put("bw_agg", 0.0);
        direction.put("bw_mean", 0.0);
        direction.put("bw_dev", 0.0);
        direction.put("bw_samples", 0);
        direction.put("iops_min", 0);
        direction.put("iops_max", 0);
        direction.put("iops_mean", 0.0);
        direction.put("iops_stddev", 0.0);
        direction.put("iops_samples", 0);
    }

    private static Optional<Series> series(RunResult run, String name) {
        return run.series().stream()
                .filter(series -> series.name().equals(name) && !series.values().isEmpty())
                .findFirst();
    }

    private static SummaryStatistics statistics(List<Double> values, double unit) {
        SummaryStatistics statistics = new SummaryStatistics();
        values.forEach(value -> statistics.addValue(value / unit));
        return statistics;
    }
}
