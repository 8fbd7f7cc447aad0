package ringside.harness.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * How throughput grows along one axis of a suite, for each point of the other axes.
 *
 * @param axis what was scaled
 * @param metric the throughput
 * @param unit of the metric
 * @param curves one for each point of the other axes, in order of the results
 */
public record Scaling(String axis, String metric, String unit, List<Curve> curves) {
    private static final long SEED = 0x55534cL; // fixed: made twice it says the same

    /**
     * Throughput at one point of the other axes.
     *
     * @param at values of the other axes
     * @param levels what was measured, in rising order
     * @param fit the law; empty where it cannot be fitted
     * @param reason why not, else empty
     */
    public record Curve(Map<String, String> at, List<Level> levels, Optional<UslFit> fit, String reason) {
        /** Throughput that is predicted at a level, with its interval; empty where the fit does not support it. */
        public Optional<Interval> interval(double level) {
            return fit.filter(one -> one.supports(level))
                    .map(_ -> UslFit.throughput(numbers(levels), samples(levels), SEED, level));
        }
    }

    /**
     * One level.
     *
     * @param n value of the axis
     * @param values of the valid runs
     */
    public record Level(double n, List<Double> values) {
        /** Median of the values. */
        public double median() {
            return Summary.median(array(values));
        }
    }

    /**
     * Fits all curves of a folder.
     *
     * @param axis name of a numeric axis, or empty for the only one that has enough levels
     * @throws HarnessException when there is no such axis, or the metric is missing or no throughput
     */
    public static Scaling of(RunFolder folder, Optional<String> axis, String metric) {
        String scaled = axis.orElseGet(() -> onlyAxis(folder));
        Metric sample = sample(folder, metric);
        Map<Map<String, String>, SortedMap<Double, List<Double>>> points = new LinkedHashMap<>();
        for (RunResult run : folder.results()) {
            Map<String, String> at = new LinkedHashMap<>(run.axes());
            double level = level(folder, scaled, at.remove(scaled));
            Metric value = run.metrics().get(metric);
            if (run.status() == RunStatus.OK && value != null && value.value() > 0) {
                points.computeIfAbsent(at, _ -> new TreeMap<>())
                        .computeIfAbsent(level, _ -> new ArrayList<>())
                        .add(value.value());
            }
        }
        List<Curve> curves = new ArrayList<>();
        points.forEach((at, levels) -> curves.add(curve(at, levels)));
        return new Scaling(scaled, metric, sample.unit(), List.copyOf(curves));
    }

    private static Curve curve(Map<String, String> at, SortedMap<Double, List<Double>> found) {
        List<Level> levels = new ArrayList<>();
        found.forEach((n, values) -> levels.add(new Level(n, List.copyOf(values))));
        try {
            return new Curve(at, levels, Optional.of(UslFit.of(numbers(levels), samples(levels), SEED)), "");
        } catch (HarnessException e) {
            return new Curve(at, levels, Optional.empty(), e.getMessage());
        }
    }

    private static double[] numbers(List<Level> levels) {
        return levels.stream().mapToDouble(Level::n).toArray();
    }

    private static double[][] samples(List<Level> levels) {
        return levels.stream().map(level -> array(level.values())).toArray(double[][]::new);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double level(RunFolder folder, String axis, String value) {
        if (value == null) {
            throw HarnessException.badInput(folder.directory() + " has no axis '" + axis + "'; its axes: "
                    + String.join(", ", axes(folder).keySet()));
        }
        return number(value)
                .orElseThrow(() -> HarnessException.badInput("axis '" + axis + "' has the value '" + value
                        + "', which is no number of at least 1: scaling is along a number"));
    }

    private static Optional<Double> number(String text) {
        try {
            double value = Double.parseDouble(text);
            return value >= 1 && !Double.isInfinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Map<String, TreeSet<String>> axes(RunFolder folder) {
        Map<String, TreeSet<String>> axes = new LinkedHashMap<>();
        folder.results()
                .forEach(run -> run.axes()
                        .forEach((name, value) ->
                                axes.computeIfAbsent(name, _ -> new TreeSet<>()).add(value)));
        return axes;
    }

    private static String onlyAxis(RunFolder folder) {
        List<String> numeric = axes(folder).entrySet().stream()
                .filter(axis -> axis.getValue().size() >= UslFit.FEWEST_LEVELS)
                .filter(axis ->
                        axis.getValue().stream().allMatch(value -> number(value).isPresent()))
                .map(Map.Entry::getKey)
                .toList();
        if (numeric.size() == 1) {
            return numeric.getFirst();
        }
        throw HarnessException.badInput(
                numeric.isEmpty()
                        ? folder.directory() + " has no numeric axis with " + UslFit.FEWEST_LEVELS
                                + " values or more: run a suite with more values of one"
                        : folder.directory() + " has several numeric axes: choose with --axis one of "
                                + String.join(", ", numeric));
    }

    private static Metric sample(RunFolder folder, String metric) {
        Metric sample = folder.results().stream()
                .map(run -> run.metrics().get(metric))
                .filter(value -> value != null)
                .findFirst()
                .orElseThrow(() -> HarnessException.badInput("no run has a metric '" + metric + "'"));
        if (sample.better() != Metric.Better.HIGHER) {
            throw HarnessException.badInput("metric '" + metric + "' is no throughput: higher is not better");
        }
        return sample;
    }
}
