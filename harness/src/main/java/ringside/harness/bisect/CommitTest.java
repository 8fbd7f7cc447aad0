package ringside.harness.bisect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbFolder;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbRun;
import ringside.harness.ab.AbSide;
import ringside.harness.ab.RevisionBuilds;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunRequest;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;
import ringside.harness.stats.Interval;

/** Measures a commit against the good one in pairs, with more pairs until they tell or their limit is reached. */
final class CommitTest {
    private static final CellChange NOTHING = new CellChange(
            "",
            0,
            0,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            new Interval(0, Double.POSITIVE_INFINITY),
            1,
            Change.TOO_FEW_RUNS,
            0);

    private final BisectRun.Request request;
    private final RevisionBuilds builds;
    private final BisectRun.Listener listener;

    CommitTest(BisectRun.Request request, RevisionBuilds builds, BisectRun.Listener listener) {
        this.request = request;
        this.builds = builds;
        this.listener = listener;
    }

    /**
     * What pairs tell.
     *
     * @param outcome of the commit
     * @param change of the cell; without values where it could not be tested
     */
    record Told(Bisection.Outcome outcome, CellChange change) {}

    /** Tests a commit. */
    Told test(String commit, Criteria criteria) {
        try {
            return measured(commit, criteria);
        } catch (HarnessException e) {
            listener.note(Commits.brief(commit) + " cannot be tested: " + e.getMessage());
            return new Told(Bisection.Outcome.UNTESTABLE, NOTHING);
        }
    }

    private Told measured(String commit, Criteria criteria) {
        AbPlan plan = AbPlan.of(side(AbSide.BASE, request.good()), side(AbSide.HEAD, commit));
        List<RunFolder> base = new ArrayList<>();
        List<RunFolder> head = new ArrayList<>();
        int pairs = 0;
        for (int look = 0; ; look++) {
            int more = Math.max(request.pairs(), pairs);
            Path folder = request.out().resolve(Commits.brief(commit) + "-" + look);
            if (!complete(folder, suite(more, look), plan)) {
                return new Told(Bisection.Outcome.STOPPED, NOTHING);
            }
            base.add(ResultStore.load(folder.resolve(AbSide.BASE)));
            head.add(ResultStore.load(folder.resolve(AbSide.HEAD)));
            pairs += more;
            CellChange change = FolderComparison.paired(joined(base), joined(head), request.metric(), criteria)
                    .cells()
                    .getFirst();
            Bisection.Outcome outcome = outcome(change.change());
            if (outcome != Bisection.Outcome.UNDECIDED || 2 * pairs > request.mostPairs()) {
                return new Told(outcome, change);
            }
            listener.note(Commits.brief(commit) + ": " + pairs + " pairs do not tell, " + pairs + " more are made");
        }
    }

    private AbSide side(String name, String commit) {
        return new AbSide(name, Commits.brief(commit), builds.launcher(commit).toString(), List.of());
    }

    private PreparedSuite suite(int pairs, int look) {
        RunRequest one = request.run();
        return PreparedSuite.of(new RunRequest(
                one.reference(),
                one.suite().withRepeats(pairs).withSeed(one.suite().seed() + look),
                one.images(),
                one.allowWrites(),
                one.strict(),
                one.commandLine()));
    }

    private boolean complete(Path folder, PreparedSuite suite, AbPlan plan) {
        try (AbFolder opened = AbPlan.isIn(folder) ? AbFolder.resume(folder) : AbFolder.begin(folder, suite, plan)) {
            return AbRun.execute(opened, listener.progress(), listener.cancellation(), 0)
                    .complete();
        }
    }

    private static Bisection.Outcome outcome(Change change) {
        return switch (change) {
            case REGRESSED -> Bisection.Outcome.BAD;
            case SAME, IMPROVED -> Bisection.Outcome.GOOD;
            case UNDERPOWERED -> Bisection.Outcome.UNDECIDED;
            case TOO_FEW_RUNS, ONLY_IN_A, ONLY_IN_B -> Bisection.Outcome.UNTESTABLE;
        };
    }

    /** Folders one behind the other, so that later looks add pairs. */
    private static RunFolder joined(List<RunFolder> folders) {
        RunFolder first = folders.getFirst();
        List<RunResult> all = new ArrayList<>();
        int offset = 0;
        for (RunFolder folder : folders) {
            for (RunResult run : folder.results()) {
                all.add(run.as(
                        new PlannedRun(run.order(), run.cell(), offset + run.repetition(), run.seed(), run.axes()),
                        run.suite()));
            }
            offset += folder.planned();
        }
        return new RunFolder(first.directory(), first.suite(), first.suiteYaml(), first.title(), all.size(), all);
    }
}
