package ringside.harness.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.suite.SuiteText;
import ringside.harness.sweep.Cell;
import ringside.harness.sweep.Shard;
import ringside.harness.sweep.SweepPlan;

/** Begins and continues results folders: the folder keeps suite, job and images, so that it can be resumed by itself. */
public final class RunFolders {
    private static final String JOB = "job.fio";
    private static final String PEER = Option.PEER.label();

    private RunFolders() {}

    /** A folder and what is to be run in it. */
    public record Opened(ResultStore store, PreparedSuite suite) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }

    /** Begins a folder; the job file is copied, so that a resume runs what was begun even if the original changes. */
    public static Opened begin(Path directory, PreparedSuite suite) {
        return begin(directory, suite, Shard.ALL);
    }

    /** Begins a folder for a share of the suite; {@link MergedFolder} puts such folders together. */
    public static Opened begin(Path directory, PreparedSuite suite, Shard shard) {
        RunRequest request = suite.request();
        SuiteSpec spec = request.suite();
        Plan plan = new Plan(
                RunResult.SCHEMA_VERSION,
                spec.name(),
                spec.title(),
                spec.seed(),
                spec.repeats(),
                digest(request),
                request.commandLine(),
                request.settings(),
                spec.compare(),
                runs(suite, shard));
        ResultStore store = ResultStore.create(directory, keptText(spec), keptJob(spec), plan);
        return new Opened(store, suite);
    }

    /** The runs of a share that this host can run, in order. */
    public static List<PlannedRun> runs(PreparedSuite suite, Shard shard) {
        SuiteSpec spec = suite.request().suite();
        if (shard.isAll()) {
            return planned(spec, runnable(suite));
        }
        // The order is that of the whole suite on any host, so that shares of several hosts fit together.
        List<Cell> all = List.copyOf(suite.cells().values());
        List<PlannedRun> own =
                new ArrayList<>(shard.of(planned(spec, all), all, spec.compare().axis()));
        own.removeIf(run -> suite.skipped().containsKey(run.cell()));
        return own;
    }

    /** The runs of a suite's cells, in order. */
    static List<PlannedRun> planned(SuiteSpec spec, List<Cell> cells) {
        return SweepPlan.of(cells, spec.repeats(), spec.seed(), spec.axes().containsKey(PEER) ? PEER : "");
    }

    private static List<Cell> runnable(PreparedSuite suite) {
        List<Cell> cells = suite.runnable();
        if (cells.isEmpty()) {
            throw HarnessException.environment("no cell of suite "
                    + suite.request().suite().name() + " can run on this host: " + String.join("; ", suite.warnings()));
        }
        return cells;
    }

    /**
     * Continues a folder with the suite that the user named.
     *
     * @throws HarnessException if that suite is not the one that the folder was begun with
     */
    public static Opened resume(Path directory, PreparedSuite suite) {
        ResultStore store = ResultStore.resume(directory);
        if (!store.plan().suiteSha256().equals(digest(suite.request()))) {
            store.close();
            throw HarnessException.badInput("the suite, its job, images or options changed since " + directory
                    + " was begun: continue it as it was with --resume " + directory
                    + ", or begin anew with another --out");
        }
        return new Opened(store, suite);
    }

    /** Continues a folder with what it keeps. */
    public static Opened resume(Path directory) {
        ResultStore store = ResultStore.resume(directory);
        try {
            SuiteSpec kept = SuiteFile.parse(
                    ResultStore.suiteYaml(directory),
                    directory.resolve("suite.yaml").toString());
            SuiteSpec spec = kept.jobFile().isEmpty()
                    ? kept
                    : kept.withJobFileAt(directory.resolve(kept.jobFile()).toString());
            RunRequest request = RunRequest.of(store.plan(), spec);
            if (!store.plan().suiteSha256().equals(digest(request))) {
                throw HarnessException.badInput(directory + ": suite.yaml or " + JOB
                        + " was changed after the run began: put the old text back, or begin anew");
            }
            return new Opened(store, PreparedSuite.of(request));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Digest of all that decides what is run. */
    static String digest(RunRequest request) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(keptText(request.suite()).getBytes(StandardCharsets.UTF_8));
            sha.update(keptJob(request.suite()));
            sha.update((request.images() + " " + request.allowWrites() + " " + request.strict())
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String keptText(SuiteSpec spec) {
        return SuiteText.of(spec.jobFile().isEmpty() ? spec : spec.withJobFileAt(JOB));
    }

    private static byte[] keptJob(SuiteSpec spec) {
        if (spec.jobFile().isEmpty()) {
            return new byte[0];
        }
        Path file = Path.of(spec.jobFile());
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw HarnessException.badInput(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }
}
