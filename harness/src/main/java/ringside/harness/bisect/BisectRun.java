package ringside.harness.bisect;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import ringside.harness.HarnessException;
import ringside.harness.ab.RevisionBuilds;
import ringside.harness.results.RunResult;
import ringside.harness.run.Cancellation;
import ringside.harness.run.RunRequest;
import ringside.harness.run.SuiteProgress;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Criteria;
import ringside.harness.suite.SuiteText;

/**
 * Finds the commit at which a cell became slower. First the bad commit is measured against the good one: without a regression
 * there is nothing to find. Then each commit of the search is bad if it is slower than the good one by at least half of that.
 */
public final class BisectRun {
    /** A change below a per cent is not looked for. */
    private static final double SMALLEST = 0.01;

    private final Request request;
    private final Commits commits;
    private final CommitTest test;
    private final Listener listener;

    /**
     * What is asked for.
     *
     * @param good full name of the good commit
     * @param bad full name of the bad one
     * @param run a suite of one cell
     * @param cell its id
     * @param metric what is judged
     * @param pairs of the first look at a commit
     * @param mostPairs of all looks at one commit
     * @param criteria of the first comparison
     * @param out folder of all pairs; finished ones in it are not made again
     */
    public record Request(
            String good,
            String bad,
            RunRequest run,
            String cell,
            String metric,
            int pairs,
            int mostPairs,
            Criteria criteria,
            Path out) {}

    /** Who hears about the search. */
    public interface Listener {
        /** A line for people. */
        void note(String line);

        /** Hears about the runs. */
        SuiteProgress progress();

        /** Where a stop is asked for. */
        Cancellation cancellation();
    }

    /**
     * The end of a search.
     *
     * @param whole the bad commit against the good one
     * @param regressed whether that is a regression; otherwise nothing was searched
     * @param suspects commits among which the first bad one is, oldest first
     * @param stopped whether a stop was asked for
     */
    public record Found(CellChange whole, boolean regressed, List<String> suspects, boolean stopped) {}

    private BisectRun(Request request, Commits commits, RevisionBuilds builds, Listener listener) {
        this.request = request;
        this.commits = commits;
        this.test = new CommitTest(request, builds, listener);
        this.listener = listener;
    }

    /**
     * Searches, or goes on with a search that was stopped.
     *
     * @throws HarnessException when the commits are not of one line, or the bad or the good one cannot be tested
     */
    public static Found search(Request request, Path repository, RevisionBuilds builds, Listener listener) {
        return new BisectRun(request, new Commits(repository), builds, listener).search();
    }

    private Found search() {
        List<String> suspects = commits.between(request.good(), request.bad());
        plan().keepIn(request.out());
        listener.note(suspects.size() + " commits; first " + commits.describe(request.bad()) + " against "
                + commits.describe(request.good()));
        CommitTest.Told whole = test.test(request.bad(), request.criteria());
        tell(request.bad(), whole);
        if (whole.outcome() == Bisection.Outcome.UNTESTABLE) {
            throw HarnessException.badInput("the bad commit " + Commits.brief(request.bad())
                    + " or the good one cannot be tested, see above: name others");
        }
        boolean stopped = whole.outcome() == Bisection.Outcome.STOPPED;
        if (whole.outcome() != Bisection.Outcome.BAD) {
            return new Found(whole.change(), false, suspects, stopped);
        }
        Criteria half = half(whole.change());
        List<String> left = Bisection.suspects(suspects, commit -> {
            listener.note("testing " + commits.describe(commit));
            CommitTest.Told told = test.test(commit, half);
            tell(commit, told);
            return told.outcome();
        });
        return new Found(whole.change(), true, left, listener.cancellation().requested());
    }

    private BisectPlan plan() {
        return new BisectPlan(
                RunResult.SCHEMA_VERSION,
                request.good(),
                request.bad(),
                Integer.toHexString(SuiteText.of(request.run().suite()).hashCode()),
                request.cell(),
                request.metric(),
                request.pairs(),
                request.run().images().stream().map(Path::toString).toList());
    }

    /** On the scale of ratios: a tenth of the rate is two halves of a third each. */
    private Criteria half(CellChange whole) {
        double change = Math.abs(Math.log(whole.ratio()));
        double tolerance = Math.max(SMALLEST, Math.expm1(change / 2));
        return new Criteria(
                Math.max(tolerance, Math.expm1(change)),
                tolerance,
                request.criteria().alpha());
    }

    private void tell(String commit, CommitTest.Told told) {
        CellChange change = told.change();
        String figures = Double.isNaN(change.ratio())
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %.3f [%.3f, %.3f] of the good one's %s by %d pairs",
                        change.ratio(),
                        change.interval().low(),
                        change.interval().high(),
                        request.metric(),
                        change.runsA());
        listener.note(Commits.brief(commit) + ": " + told.outcome().name().toLowerCase(Locale.ROOT) + figures);
    }
}
