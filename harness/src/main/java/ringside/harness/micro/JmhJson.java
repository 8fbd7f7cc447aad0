package ringside.harness.micro;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Metric;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JMH's result format {@code -rf json} of JMH 1.37 (org.openjdk.jmh.results.format.JSONResultFormat). Raw data are
 * [fork][iteration], or for the mode {@code sample} a histogram in their place: [fork][iteration][bin][value, count].
 */
final class JmhJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Pattern TIME = Pattern.compile("([0-9.]+) (ns|us|ms|s|min)");
    private static final Map<String, Double> UNITS = Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9);
    private static final List<String> OPTIONS = List.of(
            "warmupIterations",
            "warmupTime",
            "warmupBatchSize",
            "measurementIterations",
            "measurementTime",
            "measurementBatchSize");
    private static final Map<String, Double> PERCENTILES = Map.of("p50", 0.5, "p99", 0.99, "p99_9", 0.999);

    private final Path file;

    private JmhJson(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws HarnessException in one line if it is no such result, or empty
     */
    static List<JmhBenchmark> read(Path file) {
        return new JmhJson(file).all(AtomicFiles.text(file));
    }

    private List<JmhBenchmark> all(String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isArray() || root.isEmpty()) {
                throw noResult("it holds no benchmark");
            }
            List<JmhBenchmark> benchmarks = new ArrayList<>();
            root.forEach(node -> benchmarks.add(benchmark(node)));
            return benchmarks;
        } catch (JacksonException e) {
            throw noResult(HarnessException.oneLine(e.getOriginalMessage()));
        }
    }

    private HarnessException noResult(String why) {
        return HarnessException.badInput(file + ": not a result of JMH in JSON (-rf json): " + why);
    }

    private JmhBenchmark benchmark(JsonNode node) {
        String name = required(node, "benchmark").asString();
        if (!required(node, "jmhVersion").isString()) {
            throw noResult("jmhVersion is no text");
        }
        Map<String, String> options = new TreeMap<>();
        for (String option : OPTIONS) {
            options.put(option, required(node, option).asString());
        }
        Map<String, String> params = new TreeMap<>();
        node.path("params")
                .properties()
                .forEach(param -> params.put(param.getKey(), param.getValue().asString()));
        List<String> arguments = new ArrayList<>();
        node.path("jvmArgs").forEach(argument -> arguments.add(argument.asString()));
        return new JmhBenchmark(
                name.replaceFirst("^.*\\.(?=[^.]+\\.[^.]+$)", ""),
                required(node, "mode").asString(),
                required(node, "threads").asInt(),
                params,
                options,
                jvm(node),
                arguments,
                nanoseconds(options.get("measurementTime")),
                forks(node, name));
    }

    private JsonNode required(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            throw noResult("it has no " + key);
        }
        return value;
    }

    private static Map<String, String> jvm(JsonNode node) {
        Map<String, String> jvm = new TreeMap<>();
        jvm.put("version", node.path("vmVersion").asString("unknown"));
        jvm.put("vm", node.path("vmName").asString("unknown"));
        jvm.put("jmh", node.path("jmhVersion").asString());
        return jvm;
    }

    private static long nanoseconds(String time) {
        Matcher matcher = TIME.matcher(time);
        return matcher.matches() ? Math.round(Double.parseDouble(matcher.group(1)) * UNITS.get(matcher.group(2))) : 0;
    }

    private List<JmhBenchmark.Fork> forks(JsonNode node, String name) {
        JsonNode primary = required(node, "primaryMetric");
        List<Map<String, Metric>> metrics = new ArrayList<>();
        List<List<Double>> scores = new ArrayList<>();
        for (int fork = 0; fork < data(primary).size(); fork++) {
            metrics.add(new LinkedHashMap<>());
            scores.add(means(primary, fork));
            put(metrics.get(fork), JmhBenchmark.SCORE, primary, fork);
            percentiles(metrics.get(fork), primary, fork);
        }
        if (metrics.isEmpty()) {
            throw noResult(name + " has no raw data");
        }
        for (Map.Entry<String, JsonNode> other : node.path("secondaryMetrics").properties()) {
            for (int fork = 0;
                    fork < metrics.size() && fork < data(other.getValue()).size();
                    fork++) {
                put(metrics.get(fork), other.getKey().replaceFirst("^·", ""), other.getValue(), fork);
            }
        }
        List<JmhBenchmark.Fork> forks = new ArrayList<>();
        for (int fork = 0; fork < metrics.size(); fork++) {
            forks.add(new JmhBenchmark.Fork(scores.get(fork), metrics.get(fork)));
        }
        return forks;
    }

    private static JsonNode data(JsonNode metric) {
        return metric.has("rawDataHistogram") ? metric.path("rawDataHistogram") : metric.path("rawData");
    }

    private static void put(Map<String, Metric> metrics, String name, JsonNode metric, int fork) {
        String unit = metric.path("scoreUnit").asString();
        double value = means(metric, fork).stream()
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
        if (Double.isFinite(value)) {
            metrics.put(name, new Metric(value, unit, JmhBenchmark.better(unit)));
        }
    }

    /** Mean of each iteration of a fork. */
    private static List<Double> means(JsonNode metric, int fork) {
        List<Double> means = new ArrayList<>();
        for (JsonNode iteration : data(metric).path(fork)) {
            means.add(iteration.isArray() ? mean(iteration) : iteration.asDouble(Double.NaN));
        }
        return means;
    }

    private static double mean(JsonNode bins) {
        double sum = 0;
        long count = 0;
        for (JsonNode bin : bins) {
            sum += bin.path(0).asDouble() * bin.path(1).asLong();
            count += bin.path(1).asLong();
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    private static void percentiles(Map<String, Metric> metrics, JsonNode metric, int fork) {
        if (!metric.has("rawDataHistogram")) {
            return;
        }
        TreeMap<Double, Long> bins = new TreeMap<>();
        long count = 0;
        for (JsonNode iteration : data(metric).path(fork)) {
            for (JsonNode bin : iteration) {
                bins.merge(bin.path(0).asDouble(), bin.path(1).asLong(), Long::sum);
                count += bin.path(1).asLong();
            }
        }
        String unit = metric.path("scoreUnit").asString();
        for (Map.Entry<String, Double> percentile : new TreeMap<>(PERCENTILES).entrySet()) {
            long rank = (long) Math.ceil(count * percentile.getValue());
            long seen = 0;
            for (Map.Entry<Double, Long> bin : bins.entrySet()) {
                seen += bin.getValue();
                if (seen >= rank) {
                    metrics.put(
                            JmhBenchmark.SCORE + "_" + percentile.getKey(),
                            new Metric(bin.getKey(), unit, JmhBenchmark.better(unit)));
                    break;
                }
            }
        }
    }
}
