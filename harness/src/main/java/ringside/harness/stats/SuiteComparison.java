package ringside.harness.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ringside.harness.results.Compared;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * The comparison that a suite asks for, over all cells and for each.
 *
 * @param compared what was compared
 * @param overall over all cells that have both sides
 * @param cells one per point of the other axes, in order of their first run in the plan
 */
public record SuiteComparison(Compared compared, Comparison overall, List<Comparison> cells) {
    private static final long SEED = 0x52494e47L; // fixed: a report made twice says the same

    /** Compares valid runs in a metric; runs that are not OK are left out. */
    public static SuiteComparison of(List<RunResult> results, Compared compared, String metric) {
        Map<Map<String, String>, SortedMap<Integer, double[]>> points = collect(results, compared, metric);
        boolean higherIsBetter = higherIsBetter(results, metric);
        List<Comparison> cells = new ArrayList<>();
        List<double[]> strata = new ArrayList<>();
        for (Map.Entry<Map<String, String>, SortedMap<Integer, double[]>> point : points.entrySet()) {
            double[] logs = logRatios(point.getValue());
            cells.add(compare(metric, point.getKey(), List.of(logs), higherIsBetter));
            strata.add(logs);
        }
        return new SuiteComparison(compared, compare(metric, Map.of(), strata, higherIsBetter), List.copyOf(cells));
    }

    /** By point of the other axes and repetition: the baseline's and the contender's value, NaN where missing. */
    private static Map<Map<String, String>, SortedMap<Integer, double[]>> collect(
            List<RunResult> results, Compared compared, String metric) {
        Map<Map<String, String>, SortedMap<Integer, double[]>> points = new LinkedHashMap<>();
        for (RunResult run : results) {
            Optional<Integer> side = side(run, compared);
            if (side.isEmpty()) {
                continue;
            }
            Map<String, String> at = new LinkedHashMap<>(run.axes());
            at.remove(compared.axis());
            SortedMap<Integer, double[]> repetitions = points.computeIfAbsent(at, _ -> new TreeMap<>());
            Metric value = run.metrics().get(metric);
            if (run.status() == RunStatus.OK && value != null && value.value() > 0) {
                repetitions.computeIfAbsent(run.repetition(), _ -> new double[] {Double.NaN, Double.NaN})[side.get()] =
                        value.value();
            }
        }
        return points;
    }

    private static Optional<Integer> side(RunResult run, Compared compared) {
        String value = run.axes().get(compared.axis());
        if (compared.baseline().equals(value)) {
            return Optional.of(0);
        }
        return compared.contender().equals(value) ? Optional.of(1) : Optional.empty();
    }

    private static boolean higherIsBetter(List<RunResult> results, String metric) {
        return results.stream()
                .map(run -> run.metrics().get(metric))
                .filter(value -> value != null)
                .findFirst()
                .map(value -> value.better() != Metric.Better.LOWER)
                .orElse(true);
    }

    private static double[] logRatios(SortedMap<Integer, double[]> repetitions) {
        return repetitions.values().stream()
                .filter(pair -> !Double.isNaN(pair[0]) && !Double.isNaN(pair[1]))
                .mapToDouble(pair -> Math.log(pair[1] / pair[0]))
                .toArray();
    }

    private static Comparison compare(
            String metric, Map<String, String> at, List<double[]> all, boolean higherIsBetter) {
        double[][] strata = all.stream().filter(logs -> logs.length > 0).toArray(double[][]::new);
        List<Double> ratios = new ArrayList<>();
        for (double[] stratum : strata) {
            for (double log : stratum) {
                ratios.add(Math.exp(log));
            }
        }
        boolean enough = strata.length > 0;
        for (double[] stratum : strata) {
            enough &= stratum.length >= Comparison.MINIMUM_PAIRS;
        }
        double ratio = Math.exp(PairedRatio.mean(strata));
        Interval interval = enough ? PairedRatio.interval(strata, SEED) : new Interval(0, Double.POSITIVE_INFINITY);
        Verdict verdict = enough ? judge(interval, higherIsBetter) : Verdict.TOO_FEW_RUNS;
        return new Comparison(metric, at, ratios.size(), ratio, interval, verdict, List.copyOf(ratios));
    }

    private static Verdict judge(Interval interval, boolean higherIsBetter) {
        if (interval.contains(1)) {
            return Verdict.NO_DIFFERENCE_SHOWN;
        }
        return interval.low() > 1 == higherIsBetter ? Verdict.FASTER : Verdict.SLOWER;
    }
}
