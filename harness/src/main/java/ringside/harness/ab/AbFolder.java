package ringside.harness.ab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.PlannedRun;
import ringside.harness.run.PreparedSuite;
import ringside.harness.run.RunFolders;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.suite.SuiteText;

/**
 * A folder of pairs: {@code ab.json} and two results folders of the usual form, {@code base} and {@code head}, whose
 * repetitions are the pairs. Open in one process at a time.
 *
 * @param directory where it is
 * @param plan who is compared
 * @param base results of the one side
 * @param head results of the other
 */
public record AbFolder(Path directory, AbPlan plan, RunFolders.Opened base, RunFolders.Opened head)
        implements AutoCloseable {
    /**
     * Begins a folder.
     *
     * @param suite with as many repetitions as there are to be pairs
     * @throws HarnessException in one line if the folder is in use or holds something else
     */
    public static AbFolder begin(Path directory, PreparedSuite suite, AbPlan plan) {
        if (AbPlan.isIn(directory)) {
            throw HarnessException.badInput(
                    directory + " already holds pairs: continue them with --resume, or choose another --out");
        }
        RunFolders.Opened base = RunFolders.begin(directory.resolve(AbSide.BASE), suite);
        try {
            AbFolder folder =
                    new AbFolder(directory, plan, base, RunFolders.begin(directory.resolve(AbSide.HEAD), suite));
            plan.write(directory);
            return folder;
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    /** Opens a folder to continue it as it was begun. */
    public static AbFolder resume(Path directory) {
        AbPlan plan = AbPlan.read(directory);
        RunFolders.Opened base = RunFolders.resume(directory.resolve(AbSide.BASE));
        try {
            return new AbFolder(directory, plan, base, RunFolders.resume(directory.resolve(AbSide.HEAD)));
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    /** A suite of one cell, in a file because a value may hold what a command line would split; the same for both sides. */
    Path cellFile(PlannedRun run) {
        SuiteSpec suite = base.suite().request().suite();
        for (Map.Entry<String, String> axis : run.axes().entrySet()) {
            suite = suite.with(axis.getKey(), List.of(axis.getValue()));
        }
        if (!suite.jobFile().isEmpty()) {
            Path job = base.store().directory().resolve("job.fio");
            suite = suite.withJobFileAt(job.toAbsolutePath().toString());
        }
        Path file = directory.resolve("cells").resolve(run.cell() + ".yaml");
        AtomicFiles.write(file, SuiteText.of(suite));
        return file;
    }

    /** Where a run works, the same place for both sides, so that it is no difference; removed after each run. */
    Path workFolder() {
        return directory.resolve("work");
    }

    RunFolders.Opened opened(AbSide side) {
        return side.name().equals(AbSide.BASE) ? base : head;
    }

    /** Whether both sides' launchers are still where they were. */
    void checkLaunchers() {
        for (AbSide side : new AbSide[] {plan.base(), plan.head()}) {
            if (!Files.isExecutable(Path.of(side.launcher()))) {
                throw HarnessException.badInput(side.launcher() + ", the program of " + side.name()
                        + ", is gone: begin anew with another --out");
            }
        }
    }

    @Override
    public void close() {
        try (base) {
            head.close();
        }
    }
}
