package ringside.harness.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import ringside.harness.results.Metric;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * A folder as JMH 1.37 writes its results: a benchmark per cell, a fork per valid run with one iteration, IOPS as the score
 * and the other metrics as secondary results.
 */
final class JmhJson {
    private static final double CONFIDENCE = 0.9995; // two-sided 99.9 %, as JMH has it
    private static final double[] PERCENTILES = {0, 50, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999, 100};
    private static final String SCORE = "iops";

    private JmhJson() {}

    static String text(RunFolder folder, List<RunResult> runs) {
        Map<String, List<RunResult>> cells = new LinkedHashMap<>();
        runs.stream()
                .filter(run -> run.status() == RunStatus.OK && run.metrics().containsKey(SCORE))
                .forEach(run -> cells.computeIfAbsent(run.cell(), _ -> new ArrayList<>())
                        .add(run));
        List<Object> benchmarks = new ArrayList<>();
        cells.values().forEach(cell -> benchmarks.add(benchmark(folder, cell)));
        return ResultJson.write(benchmarks);
    }

    private static Map<String, Object> benchmark(RunFolder folder, List<RunResult> cell) {
        RunResult first = cell.getFirst();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("jmhVersion", "1.37");
        root.put("benchmark", "ringside." + folder.suite() + "." + first.cell());
        root.put("mode", "thrpt");
        root.put("threads", threads(first));
        root.put("forks", cell.size());
        root.put("jvm", first.provenance().jvm().getOrDefault("home", "java"));
        root.put("jvmArgs", first.provenance().jvmFlags());
        root.put("jdkVersion", first.provenance().jvm().getOrDefault("version", "unknown"));
        root.put("vmName", first.provenance().jvm().getOrDefault("name", "unknown"));
        root.put("vmVersion", first.provenance().jvm().getOrDefault("version", "unknown"));
        root.put("warmupIterations", 1);
        root.put("warmupTime", first.options().getOrDefault("ramp_time", "0"));
        root.put("warmupBatchSize", 1);
        root.put("measurementIterations", 1);
        root.put(
                "measurementTime",
                Math.round(
                                first.metrics().get("runtime") == null
                                        ? 0
                                        : first.metrics().get("runtime").value())
                        + " ns");
        root.put("measurementBatchSize", 1);
        if (!first.axes().isEmpty()) {
            root.put("params", first.axes());
        }
        root.put("primaryMetric", metric(cell, SCORE, "ops/s"));
        Map<String, Object> others = new LinkedHashMap<>();
        for (Map.Entry<String, Metric> metric : new TreeMap<>(first.metrics()).entrySet()) {
            boolean everywhere = cell.stream().allMatch(run -> run.metrics().containsKey(metric.getKey()));
            if (!metric.getKey().equals(SCORE) && everywhere) {
                others.put(metric.getKey(), metric(cell, metric.getKey(), unit(metric.getValue())));
            }
        }
        root.put("secondaryMetrics", others);
        return root;
    }

    private static int threads(RunResult run) {
        String vcpus = run.options().getOrDefault("vcpus", "1");
        return vcpus.matches("[0-9]{1,6}") ? Integer.parseInt(vcpus) : 1;
    }

    private static String unit(Metric metric) {
        return switch (metric.unit()) {
            case "1/s" -> "ops/s";
            case "1", "ratio" -> "#";
            default -> metric.unit();
        };
    }

    private static Map<String, Object> metric(List<RunResult> cell, String name, String unit) {
        double[] values = cell.stream()
                .mapToDouble(run -> run.metrics().get(name).value())
                .toArray();
        DescriptiveStatistics statistics = new DescriptiveStatistics(values);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("score", statistics.getMean());
        if (values.length > 2) {
            double error = statistics.getStandardDeviation()
                    / Math.sqrt(values.length)
                    * new TDistribution(values.length - 1.0).inverseCumulativeProbability(CONFIDENCE);
            root.put("scoreError", error);
            root.put("scoreConfidence", List.of(statistics.getMean() - error, statistics.getMean() + error));
        } else {
            root.put("scoreError", "NaN");
            root.put("scoreConfidence", List.of("NaN", "NaN"));
        }
        Map<String, Double> percentiles = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            percentiles.put(
                    Double.toString(percentile),
                    percentile == 0 ? statistics.getMin() : statistics.getPercentile(percentile));
        }
        root.put("scorePercentiles", percentiles);
        root.put("scoreUnit", unit);
        List<List<Double>> raw = new ArrayList<>();
        for (double value : values) {
            raw.add(List.of(value));
        }
        root.put("rawData", raw);
        return root;
    }
}
