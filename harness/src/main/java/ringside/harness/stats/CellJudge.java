package ringside.harness.stats;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import ringside.harness.results.Metric;

/**
 * Brings the cells of two folders before the judge.
 *
 * @param higherIsBetter of the metric
 * @param criteria when a cell counts as changed
 * @param paired whether runs of one repetition are partners
 */
record CellJudge(boolean higherIsBetter, Criteria criteria, boolean paired) {
    /** All cells of either side, in the order of A. */
    List<CellChange> all(CellValues a, CellValues b) {
        SequencedSet<String> names = new LinkedHashSet<>(a.names());
        names.addAll(b.names());
        return SampleJudge.judge(names.stream().map(name -> sides(name, a, b)).toList(), criteria.alpha());
    }

    private SampleJudge.Case sides(String name, CellValues a, CellValues b) {
        boolean partners = paired && a.has(name) && b.has(name);
        return new SampleJudge.Case(
                name,
                session(a, name, partners ? a.partnersOf(name, b) : a.of(name)),
                session(b, name, partners ? b.partnersOf(name, a) : b.of(name)),
                partners,
                higherIsBetter ? Metric.Better.HIGHER : Metric.Better.LOWER,
                criteria.tolerance(),
                criteria.minEffect());
    }

    private static List<double[]> session(CellValues side, String name, double[] values) {
        return side.has(name) ? List.of(values) : List.of();
    }
}
