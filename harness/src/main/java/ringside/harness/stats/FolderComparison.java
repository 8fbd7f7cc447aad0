package ringside.harness.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * Two results folders of the same cells, B against A. The runs of the folders were made one after the other, so what the
 * host did in between is part of every difference.
 *
 * @param metric name of the metric
 * @param unit of the metric
 * @param minEffect smallest relative effect of interest, for example 0.03
 * @param alpha chance of any false alarm over all cells
 * @param cells all cells of either folder, in the order of A
 * @param unsteady cells whose rate changed its level within at least half of the runs of a side, with the words for it:
 *     the cell's figures mix levels
 * @param differences what else differs between the folders: host, JVM, revision, options; name to "A -> B"
 */
public record FolderComparison(
        String metric,
        String unit,
        double minEffect,
        double alpha,
        List<CellChange> cells,
        Map<String, String> unsteady,
        Map<String, String> differences) {

    /**
     * Compares.
     *
     * @throws HarnessException when no run has the metric, when it has no better direction, or when no cell is in both
     */
    public static FolderComparison of(RunFolder a, RunFolder b, String metric, double minEffect, double alpha) {
        Metric sample = sample(a, b, metric);
        Map<String, double[]> valuesA = values(a, metric);
        Map<String, double[]> valuesB = values(b, metric);
        SequencedSet<String> names = new LinkedHashSet<>(valuesA.keySet());
        if (valuesB.keySet().stream().noneMatch(names::contains)) {
            throw HarnessException.badInput(a.directory() + " and " + b.directory()
                    + " have no cell in common: compare runs of the same suite");
        }
        names.addAll(valuesB.keySet());
        Judge judge = new Judge(sample.better() == Metric.Better.HIGHER, Math.log1p(minEffect), alpha);
        return new FolderComparison(
                metric,
                sample.unit(),
                minEffect,
                alpha,
                judge.all(names, valuesA, valuesB),
                unsteady(a, b),
                FolderDifferences.between(a, b));
    }

    private static Map<String, String> unsteady(RunFolder a, RunFolder b) {
        Map<String, String> found = new LinkedHashMap<>();
        CellSteadiness.mixing(a.results()).forEach(cell -> found.put(cell.cell(), "A: " + cell.text()));
        CellSteadiness.mixing(b.results())
                .forEach(cell -> found.merge(cell.cell(), "B: " + cell.text(), (one, other) -> one + ", " + other));
        return found;
    }

    private static Metric sample(RunFolder a, RunFolder b, String name) {
        List<RunResult> all = new ArrayList<>(a.results());
        all.addAll(b.results());
        Metric metric = all.stream()
                .map(run -> run.metrics().get(name))
                .filter(value -> value != null)
                .findFirst()
                .orElseThrow(() -> HarnessException.badInput("no run has a metric '" + name + "': use one of "
                        + String.join(
                                ", ",
                                all.isEmpty()
                                        ? List.of()
                                        : new TreeMap<>(all.getFirst().metrics()).keySet())));
        if (metric.better() == Metric.Better.NEITHER) {
            throw HarnessException.badInput(
                    "metric '" + name + "' is neither better high nor low, so nothing can regress in it");
        }
        return metric;
    }

    /** Valid values by cell, cells in order of their first run; a cell whose runs all failed has none. */
    private static Map<String, double[]> values(RunFolder folder, String metric) {
        Map<String, List<Double>> found = new LinkedHashMap<>();
        for (RunResult run : folder.results()) {
            List<Double> values = found.computeIfAbsent(run.cell(), _ -> new ArrayList<>());
            Metric value = run.metrics().get(metric);
            if (run.status() == RunStatus.OK && value != null && value.value() > 0) {
                values.add(value.value());
            }
        }
        Map<String, double[]> arrays = new LinkedHashMap<>();
        found.forEach((cell, values) -> arrays.put(
                cell, values.stream().mapToDouble(Double::doubleValue).toArray()));
        return arrays;
    }

    /** How many cells changed like that. */
    public long count(Change change) {
        return cells.stream().filter(cell -> cell.change() == change).count();
    }

    /** Judges cells; the number of tests decides how sure each must be. */
    private record Judge(boolean higherIsBetter, double logEffect, double alpha) {
        List<CellChange> all(SequencedSet<String> names, Map<String, double[]> a, Map<String, double[]> b) {
            List<String> tested = names.stream()
                    .filter(name -> enough(a.get(name)) && enough(b.get(name)))
                    .toList();
            double[] adjusted = Holm.adjust(tested.stream()
                    .mapToDouble(name -> new LogSamples(a.get(name), b.get(name)).pValue())
                    .toArray());
            List<CellChange> cells = new ArrayList<>();
            for (String name : names) {
                int at = tested.indexOf(name);
                cells.add(
                        at < 0
                                ? untested(name, a.get(name), b.get(name))
                                : tested(name, a.get(name), b.get(name), adjusted[at], alpha / tested.size()));
            }
            return List.copyOf(cells);
        }

        private static boolean enough(double[] values) {
            return values != null && values.length >= Comparison.MINIMUM_PAIRS;
        }

        private static double median(double[] values) {
            return values == null || values.length == 0 ? Double.NaN : Summary.median(values);
        }

        private CellChange untested(String name, double[] a, double[] b) {
            Change why = a == null ? Change.ONLY_IN_B : b == null ? Change.ONLY_IN_A : Change.TOO_FEW_RUNS;
            return new CellChange(
                    name,
                    a == null ? 0 : a.length,
                    b == null ? 0 : b.length,
                    median(a),
                    median(b),
                    median(b) / median(a),
                    new Interval(0, Double.POSITIVE_INFINITY),
                    1,
                    why,
                    0);
        }

        /** @param level that the most doubtful of the tests has to keep */
        private CellChange tested(String name, double[] a, double[] b, double p, double level) {
            LogSamples samples = new LogSamples(a, b);
            return new CellChange(
                    name,
                    a.length,
                    b.length,
                    median(a),
                    median(b),
                    Math.exp(samples.difference()),
                    samples.ratioInterval(),
                    p,
                    change(samples, p, level),
                    samples.runsNeeded(logEffect, level));
        }

        private Change change(LogSamples samples, double p, double level) {
            if (p < alpha) {
                boolean small = Math.abs(samples.difference()) < logEffect;
                boolean better = samples.difference() > 0 == higherIsBetter;
                return small ? Change.SAME : better ? Change.IMPROVED : Change.REGRESSED;
            }
            return samples.canShow(logEffect, level) ? Change.SAME : Change.UNDERPOWERED;
        }
    }
}
