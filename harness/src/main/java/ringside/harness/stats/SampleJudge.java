package ringside.harness.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import ringside.harness.results.Metric;

/**
 * Judges a family of samples, B against A: the number of tests decides how sure each must be (Holm). Thread-safe.
 */
public final class SampleJudge {
    private SampleJudge() {}

    /**
     * One cell in one metric.
     *
     * @param name named in the outcome
     * @param a values by session (a results folder, made at one time), all positive; no session where A lacks the cell
     * @param b likewise
     * @param paired whether the runs of a and b, one session each, are partners in their order
     * @param better which direction is better; where neither is, every change is for the worse
     * @param tolerance smaller relative changes are none, for example 0.01; 0 for no such limit
     * @param minEffect the relative change that must have been found with 80 % before a cell is called the same
     */
    public record Case(
            String name,
            List<double[]> a,
            List<double[]> b,
            boolean paired,
            Metric.Better better,
            double tolerance,
            double minEffect) {
        private boolean testable() {
            return runs(a) >= Comparison.MINIMUM_PAIRS && runs(b) >= Comparison.MINIMUM_PAIRS;
        }

        private LogEffect test() {
            if (paired) {
                return new PairedLogs(joined(a), joined(b));
            }
            return bySession() ? new LogSessions(a, b) : new LogSamples(joined(a), joined(b));
        }

        /** Whether there are enough sessions to ask their scatter instead of the runs'. */
        public boolean bySession() {
            return !paired && !a.isEmpty() && !b.isEmpty() && a.size() + b.size() >= LogSessions.FEWEST;
        }
    }

    /**
     * Judges.
     *
     * @param cases the family
     * @param alpha chance of any false alarm over the family
     * @return one per case, in their order
     */
    public static List<CellChange> judge(List<Case> cases, double alpha) {
        List<Case> tested = cases.stream().filter(Case::testable).toList();
        double[] adjusted = Holm.adjust(
                tested.stream().mapToDouble(one -> one.test().pValue()).toArray());
        List<CellChange> changes = new ArrayList<>();
        int at = 0;
        for (Case one : cases) {
            changes.add(one.testable() ? tested(one, adjusted[at++], alpha, alpha / tested.size()) : untested(one));
        }
        return List.copyOf(changes);
    }

    private static CellChange untested(Case one) {
        Change why = one.a().isEmpty() ? Change.ONLY_IN_B : one.b().isEmpty() ? Change.ONLY_IN_A : Change.TOO_FEW_RUNS;
        return outcome(one, median(one.b()) / median(one.a()), new Interval(0, Double.POSITIVE_INFINITY), 1, why, 0);
    }

    /** @param level that the most doubtful of the tests has to keep */
    private static CellChange tested(Case one, double p, double alpha, double level) {
        LogEffect test = one.test();
        return outcome(
                one,
                Math.exp(test.difference()),
                test.ratioInterval(),
                p,
                change(one, test, p, alpha, level),
                test.runsNeeded(Math.log1p(one.minEffect()), level));
    }

    private static CellChange outcome(Case one, double ratio, Interval interval, double p, Change change, int needed) {
        return new CellChange(
                one.name(),
                runs(one.a()),
                runs(one.b()),
                median(one.a()),
                median(one.b()),
                ratio,
                interval,
                p,
                change,
                needed);
    }

    private static Change change(Case one, LogEffect test, double p, double alpha, double level) {
        if (p < alpha) {
            if (Math.abs(test.difference()) < Math.log1p(one.tolerance())) {
                return Change.SAME;
            }
            boolean better = one.better() == (test.difference() > 0 ? Metric.Better.HIGHER : Metric.Better.LOWER);
            return better ? Change.IMPROVED : Change.REGRESSED;
        }
        return test.canShow(Math.log1p(one.minEffect()), level) ? Change.SAME : Change.UNDERPOWERED;
    }

    private static int runs(List<double[]> sessions) {
        return sessions.stream().mapToInt(session -> session.length).sum();
    }

    private static double[] joined(List<double[]> sessions) {
        return sessions.stream().flatMapToDouble(DoubleStream::of).toArray();
    }

    private static double median(List<double[]> sessions) {
        double[] all = joined(sessions);
        return all.length == 0 ? Double.NaN : Summary.median(all);
    }
}
