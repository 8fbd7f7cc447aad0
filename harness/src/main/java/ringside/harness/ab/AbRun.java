package ringside.harness.ab;

import java.util.List;
import java.util.Optional;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.run.Cancellation;
import ringside.harness.run.RemainingTime;
import ringside.harness.run.SuiteProgress;
import ringside.harness.sweep.Cell;

/**
 * Makes the pairs that a folder still lacks, base and head of a cell right after each other, in turns who goes first
 * (ABBA): what drifts within a pair or from pair to pair takes from both alike.
 */
public final class AbRun {
    private final AbFolder folder;
    private final SuiteProgress progress;
    private final Cancellation cancellation;
    private final RemainingTime time;
    private int done;
    private int left;

    private AbRun(AbFolder folder, SuiteProgress progress, Cancellation cancellation) {
        this.folder = folder;
        this.progress = progress;
        this.cancellation = cancellation;
        this.time = new RemainingTime(folder.base().suite().estimateNs(1));
    }

    /**
     * How many runs there are.
     *
     * @param planned runs of both sides
     * @param finished those with a result
     * @param bad those of them that are not valid
     */
    public record Progress(int planned, int finished, int bad) {
        /** Whether every run has a result. */
        public boolean complete() {
            return finished == planned;
        }
    }

    /**
     * Runs until all is done or a stop was asked for.
     *
     * @param retries how often a pair that the host disturbed is made again, after all others
     */
    public static Progress execute(AbFolder folder, SuiteProgress progress, Cancellation cancellation, int retries) {
        folder.checkLaunchers();
        AbRun run = new AbRun(folder, progress, cancellation);
        run.all();
        for (int round = 0; round < retries && !cancellation.requested(); round++) {
            if (run.putDisturbedAway(retries)) {
                run.all();
            }
        }
        return run.summary();
    }

    /** Both of a pair, since they are partners. Only what the host did decides, never the figures. */
    private boolean putDisturbedAway(int retries) {
        ResultStore base = folder.base().store();
        ResultStore head = folder.head().store();
        List<PlannedRun> disturbed = base.plan().runs().stream()
                .filter(run -> Math.max(base.setAsideCount(run), head.setAsideCount(run)) < retries)
                .filter(run -> isDisturbed(base, run) || isDisturbed(head, run))
                .toList();
        disturbed.forEach(run -> {
            base.setAside(run);
            head.setAside(run);
        });
        if (!disturbed.isEmpty()) {
            progress.note(
                    disturbed.size() + " pairs were disturbed by the host and will be made again; what they measured"
                            + " stays in the folders disturbed");
        }
        return !disturbed.isEmpty();
    }

    private static boolean isDisturbed(ResultStore store, PlannedRun run) {
        return store.result(run)
                .filter(result -> result.status() == RunStatus.OK)
                .flatMap(RunResult::disturbance)
                .isPresent();
    }

    private void all() {
        List<PlannedRun> runs = folder.base().store().plan().runs();
        runs.forEach(this::partHalfPairs);
        left = folder.base().store().remaining().size()
                + folder.head().store().remaining().size();
        done = 2 * runs.size() - left;
        for (PlannedRun run : runs) {
            if (cancellation.requested()) {
                return;
            }
            if (folder.base().store().result(run).isEmpty()) {
                boolean baseFirst = run.repetition() % 2 == 0;
                AbSide first = baseFirst ? folder.plan().base() : folder.plan().head();
                AbSide second = baseFirst ? folder.plan().head() : folder.plan().base();
                if (one(run, first)) {
                    one(run, second);
                }
            }
        }
    }

    /** A run whose partner was never made would get one of another time of day. */
    private void partHalfPairs(PlannedRun run) {
        ResultStore base = folder.base().store();
        ResultStore head = folder.head().store();
        boolean hasBase = base.result(run).isPresent();
        if (hasBase != head.result(run).isPresent()) {
            (hasBase ? base : head).setAside(run);
            progress.note("the " + (hasBase ? AbSide.BASE : AbSide.HEAD) + " of pair " + run.repetition() + " of "
                    + run.cell() + " has no partner: it is put away and made again");
        }
    }

    /** Returns whether the run has a result. */
    private boolean one(PlannedRun run, AbSide side) {
        if (cancellation.requested()) {
            return false;
        }
        Cell cell = folder.base().suite().cells().get(run.cell());
        String label = cell.label() + " " + side.name();
        int planned = done + left;
        time.started(System.nanoTime());
        progress.started(run, label, done + 1, planned);
        SideRun sideRun =
                new SideRun(folder, side, cancellation, () -> progress.waiting(time.leftNs(System.nanoTime(), left)));
        Optional<RunResult> result = sideRun.make(run);
        if (result.isEmpty()) {
            return false;
        }
        time.finished(System.nanoTime());
        done++;
        left--;
        progress.finished(run, label, result.get(), done, planned);
        return true;
    }

    private Progress summary() {
        int finished = 0;
        int bad = 0;
        for (ResultStore store : List.of(folder.base().store(), folder.head().store())) {
            for (PlannedRun run : store.plan().runs()) {
                Optional<RunResult> result = store.result(run);
                finished += result.isPresent() ? 1 : 0;
                bad += result.isPresent() && result.get().status() != RunStatus.OK ? 1 : 0;
            }
        }
        return new Progress(2 * folder.base().store().plan().runs().size(), finished, bad);
    }
}
