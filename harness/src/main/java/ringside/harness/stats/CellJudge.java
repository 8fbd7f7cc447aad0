package ringside.harness.stats;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Judges cells that were measured twice; the number of tests decides how sure each must be.
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
        List<Sides> cells = names.stream().map(name -> sides(name, a, b)).toList();
        List<Sides> tested = cells.stream().filter(Sides::enough).toList();
        double[] adjusted = Holm.adjust(
                tested.stream().mapToDouble(cell -> cell.effect().pValue()).toArray());
        List<CellChange> changes = new ArrayList<>();
        for (Sides cell : cells) {
            int at = tested.indexOf(cell);
            changes.add(at < 0 ? untested(cell) : tested(cell, adjusted[at], criteria.alpha() / tested.size()));
        }
        return List.copyOf(changes);
    }

    private Sides sides(String name, CellValues a, CellValues b) {
        boolean both = a.has(name) && b.has(name);
        Change missing = both ? Change.TOO_FEW_RUNS : a.has(name) ? Change.ONLY_IN_A : Change.ONLY_IN_B;
        return paired && both
                ? new Sides(name, a.partnersOf(name, b), b.partnersOf(name, a), true, missing)
                : new Sides(name, a.of(name), b.of(name), false, missing);
    }

    private static CellChange untested(Sides cell) {
        return new CellChange(
                cell.name(),
                cell.a().length,
                cell.b().length,
                median(cell.a()),
                median(cell.b()),
                median(cell.b()) / median(cell.a()),
                new Interval(0, Double.POSITIVE_INFINITY),
                1,
                cell.missing(),
                0);
    }

    private static double median(double[] values) {
        return values.length == 0 ? Double.NaN : Summary.median(values);
    }

    /** @param level that the most doubtful of the tests has to keep */
    private CellChange tested(Sides cell, double p, double level) {
        LogEffect effect = cell.effect();
        return new CellChange(
                cell.name(),
                cell.a().length,
                cell.b().length,
                median(cell.a()),
                median(cell.b()),
                Math.exp(effect.difference()),
                effect.ratioInterval(),
                p,
                change(effect, p, level),
                effect.runsNeeded(criteria.logEffect(), level));
    }

    private Change change(LogEffect effect, double p, double level) {
        if (p < criteria.alpha()) {
            boolean small = Math.abs(effect.difference()) < criteria.logTolerance();
            boolean better = effect.difference() > 0 == higherIsBetter;
            return small ? Change.SAME : better ? Change.IMPROVED : Change.REGRESSED;
        }
        return effect.canShow(criteria.logEffect(), level) ? Change.SAME : Change.UNDERPOWERED;
    }

    /** The values of a cell on both sides. */
    private static final class Sides {
        private final String name;
        private final double[] a;
        private final double[] b;
        private final boolean paired;
        private final Change missing;

        Sides(String name, double[] a, double[] b, boolean paired, Change missing) {
            this.name = name;
            this.a = a;
            this.b = b;
            this.paired = paired;
            this.missing = missing;
        }

        boolean enough() {
            return a.length >= Comparison.MINIMUM_PAIRS && b.length >= Comparison.MINIMUM_PAIRS;
        }

        LogEffect effect() {
            return paired ? new PairedLogs(a, b) : new LogSamples(a, b);
        }

        String name() {
            return name;
        }

        double[] a() {
            return a;
        }

        double[] b() {
            return b;
        }

        Change missing() {
            return missing;
        }
    }
}
