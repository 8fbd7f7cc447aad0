package ringside.harness.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/**
 * Two results folders of the same cells, B against A. Where the folders were made one after the other, what the host did
 * in between is part of every difference; where their runs were made side by side, pairs are compared.
 *
 * @param metric name of the metric
 * @param unit of the metric
 * @param minEffect smallest relative effect of interest, for example 0.03
 * @param tolerance relative effect below which a cell is the same however sure the difference is
 * @param alpha chance of any false alarm over all cells
 * @param paired whether the runs of one repetition were made side by side and are compared with each other
 * @param cells all cells of either folder, in the order of A
 * @param unsteady cells whose rate changed its level within at least half of the runs of a side, with the words for it:
 *     the cell's figures mix levels
 * @param differences what else differs between the folders: host, JVM, revision, options; name to "A -> B"
 */
public record FolderComparison(
        String metric,
        String unit,
        double minEffect,
        double tolerance,
        double alpha,
        boolean paired,
        List<CellChange> cells,
        Map<String, String> unsteady,
        Map<String, String> differences) {

    /**
     * Compares folders that were made one after the other.
     *
     * @throws HarnessException when no run has the metric, when it has no better direction, or when no cell is in both
     */
    public static FolderComparison of(RunFolder a, RunFolder b, String metric, Criteria criteria) {
        return of(a, b, metric, criteria, false);
    }

    /**
     * Compares folders whose runs of one repetition were made side by side, as {@code ringside ab} makes them: a run whose
     * partner is missing or invalid does not count.
     *
     * @throws HarnessException likewise
     */
    public static FolderComparison paired(RunFolder a, RunFolder b, String metric, Criteria criteria) {
        return of(a, b, metric, criteria, true);
    }

    private static FolderComparison of(RunFolder a, RunFolder b, String metric, Criteria criteria, boolean paired) {
        Metric sample = sample(a, b, metric);
        CellValues valuesA = new CellValues(a, metric);
        CellValues valuesB = new CellValues(b, metric);
        if (valuesB.names().stream().noneMatch(valuesA::has)) {
            throw HarnessException.badInput(a.directory() + " and " + b.directory()
                    + " have no cell in common: compare runs of the same suite");
        }
        CellJudge judge = new CellJudge(sample.better() == Metric.Better.HIGHER, criteria, paired);
        return new FolderComparison(
                metric,
                sample.unit(),
                criteria.minEffect(),
                criteria.tolerance(),
                criteria.alpha(),
                paired,
                judge.all(valuesA, valuesB),
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

    /** How many cells changed like that. */
    public long count(Change change) {
        return cells.stream().filter(cell -> cell.change() == change).count();
    }
}
