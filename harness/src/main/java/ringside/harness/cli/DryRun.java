package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ringside.harness.results.PlannedRun;
import ringside.harness.run.PastRuns;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunFolders;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cell;
import ringside.harness.sweep.Shard;

/** Says what a run would do. */
final class DryRun {
    private DryRun() {}

    /** Says what resuming would still run. */
    static void printRemaining(PrintWriter out, PreparedSuite suite, List<PlannedRun> remaining) {
        remaining.forEach(run -> out.println(run.cell() + " r" + run.repetition()));
        out.println(remaining.size() + " runs remain, about " + Durations.format(suite.estimateNs(remaining.size())));
    }

    static void print(PrintWriter out, PreparedSuite suite, Shard shard, Optional<PastRuns> past) {
        SuiteSpec spec = suite.request().suite();
        List<String> cells = RunFolders.runs(suite, shard).stream()
                .map(PlannedRun::cell)
                .distinct()
                .toList();
        suite.runnable().stream().map(Cell::id).filter(cells::contains).forEach(out::println);
        int runs = cells.size() * spec.repeats();
        out.println(cells.size() + " cells x " + spec.repeats() + " repeats = " + runs + " runs, about "
                + Durations.format(suite.estimateNs(runs))
                + past.map(DryRun::learned).orElse(""));
        suite.scratchLines().forEach(out::println);
        suite.request()
                .images()
                .forEach(image -> out.println(
                        "image: " + image + (suite.modifies() ? " (WRITTEN: its contents are lost)" : " (read-only)")));
        suite.warnings().forEach(out::println);
    }

    private static String learned(PastRuns past) {
        return " (judging by " + past.runs() + " earlier runs in " + past.folders()
                + (past.folders() == 1 ? " folder: " : " folders: ")
                + String.format(Locale.ROOT, "%.1f s of a run are not its load)", past.overheadNs() / 1e9);
    }
}
