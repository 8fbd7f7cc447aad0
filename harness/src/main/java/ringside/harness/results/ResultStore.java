package ringside.harness.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ringside.harness.HarnessException;

/**
 * The append-only folder of one suite run: {@code suite.yaml}, {@code plan.json}, one file per finished run in
 * {@code results}, {@code histograms} and {@code logs}, and {@code report.html}. A finished run's file is never
 * changed; {@link #setAside} alone moves it away. Open for writing by one process at a time, kept by a lock on {@code .lock} that ends with the process.
 */
public final class ResultStore implements AutoCloseable {
    private static final String PLAN = "plan.json";
    private static final String SUITE = "suite.yaml";
    private static final String JOB = "job.fio";
    private static final String PROFILES = "profiles";

    private final Path directory;
    private Plan plan;
    private final FileChannel lockChannel;

    private ResultStore(Path directory, Plan plan, FileChannel lockChannel) {
        this.directory = directory;
        this.plan = plan;
        this.lockChannel = lockChannel;
    }

    /**
     * Begins a new folder.
     *
     * @throws HarnessException if the folder exists and is not empty, or cannot be written
     */
    public static ResultStore create(Path directory, String suiteYaml, Plan plan) {
        return create(directory, suiteYaml, new byte[0], plan);
    }

    /** Begins a new folder that also keeps the fio job file, unless that is empty. */
    public static ResultStore create(Path directory, String suiteYaml, byte[] job, Plan plan) {
        refuseNonEmpty(directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw HarnessException.environment(
                    "cannot create " + directory + ": " + AtomicFiles.reason(e) + ": choose another folder with --out",
                    e);
        }
        FileChannel lock = lock(directory);
        AtomicFiles.write(directory.resolve(SUITE), suiteYaml);
        if (job.length > 0) {
            AtomicFiles.write(directory.resolve(JOB), job);
        }
        AtomicFiles.write(directory.resolve(PLAN), ResultJson.write(plan));
        return new ResultStore(directory, plan, lock);
    }

    /** Opens a folder to continue it; half-written files of a killed process are removed. */
    public static ResultStore resume(Path directory) {
        Plan plan = readPlan(directory);
        FileChannel lock = lock(directory);
        for (String part : List.of("", "results", "histograms", "logs")) {
            AtomicFiles.removeLeftovers(directory.resolve(part));
        }
        return new ResultStore(directory, plan, lock);
    }

    /**
     * Reads a folder, finished or not.
     *
     * @throws HarnessException in one line if it is not a results folder or of a newer schema
     */
    public static RunFolder load(Path directory) {
        Plan plan = readPlan(directory);
        String yaml = readText(directory.resolve(SUITE));
        List<RunResult> results = new ArrayList<>();
        for (PlannedRun run : plan.runs()) {
            Path file = resultFile(directory, run);
            if (Files.exists(file)) {
                results.add(ResultJson.read(readText(file), RunResult.class, file));
            }
        }
        return new RunFolder(
                directory, plan.suite(), yaml, plan.title(), plan.runs().size(), results, plan.compared());
    }

    /** Whether the folder holds a plan, so that it can be loaded or resumed. */
    public static boolean isResultFolder(Path directory) {
        return Files.isRegularFile(directory.resolve(PLAN));
    }

    /** The suite's text as it is kept in a folder. */
    public static String suiteYaml(Path directory) {
        return readText(directory.resolve(SUITE));
    }

    /** The plan of a folder. */
    public static Plan plan(Path directory) {
        return readPlan(directory);
    }

    /** The plan. */
    public Plan plan() {
        return plan;
    }

    /** Adds runs at the end of the plan, so that a resume knows them; those that are planned stay as they are. */
    public void extend(List<PlannedRun> more) {
        List<PlannedRun> runs = new ArrayList<>(plan.runs());
        runs.addAll(more);
        Plan longer = new Plan(
                plan.schemaVersion(),
                plan.suite(),
                plan.title(),
                plan.seed(),
                plan.repeats(),
                plan.suiteSha256(),
                plan.commandLine(),
                plan.settings(),
                plan.compared(),
                List.copyOf(runs));
        AtomicFiles.write(directory.resolve(PLAN), ResultJson.write(longer));
        plan = longer;
    }

    /** The folder. */
    public Path directory() {
        return directory;
    }

    /** The runs without a result, in order. */
    public List<PlannedRun> remaining() {
        return plan.runs().stream()
                .filter(run -> !Files.exists(resultFile(run)))
                .toList();
    }

    /** The result of a run if it is finished. */
    public Optional<RunResult> result(PlannedRun run) {
        return finished(directory, run);
    }

    /** The result of a run of a folder's plan if it is finished. */
    public static Optional<RunResult> finished(Path directory, PlannedRun run) {
        Path file = resultFile(directory, run);
        return Files.exists(file)
                ? Optional.of(ResultJson.read(readText(file), RunResult.class, file))
                : Optional.empty();
    }

    /** Adds a result; an existing one is never replaced. */
    public void add(PlannedRun run, RunResult result) {
        Path file = resultFile(run);
        if (Files.exists(file)) {
            throw new IllegalStateException(file + " exists already");
        }
        AtomicFiles.write(file, ResultJson.write(result));
    }

    /**
     * Puts a disturbed result away into the folder {@code disturbed}, whole, so that its run is one without a result.
     *
     * @return how many results of this run have been put away by now
     */
    public int setAside(PlannedRun run) {
        List<Path> others = new ArrayList<>(logsOf(run));
        others.add(histogramFile(run));
        SetAside.move(directory, run, others, resultFile(run));
        return setAsideCount(run);
    }

    /** The log of the worker and those of servers and jobs. */
    private List<Path> logsOf(PlannedRun run) {
        Path folder = logFile(run).getParent();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(Pattern.quote(run.fileStem()) + "[.-].*"))
                    .toList();
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** How many results of a run have been put away. */
    public int setAsideCount(PlannedRun run) {
        return SetAside.count(directory, run);
    }

    /** Where a run's result is. */
    public Path resultFile(PlannedRun run) {
        return resultFile(directory, run);
    }

    /** Where a run's histogram log is. */
    public Path histogramFile(PlannedRun run) {
        return directory.resolve("histograms").resolve(run.fileStem() + ".hlog");
    }

    /** Where a cell's flame graph is. */
    public Path profileFile(PlannedRun run) {
        return directory.resolve(PROFILES).resolve(run.cell() + ".html");
    }

    /** Flame graphs in a folder, one per profiled cell, by name of the cell. */
    public static List<Path> profiles(Path directory) {
        Path folder = directory.resolve(PROFILES);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[^.].*\\.html"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Where the worker's standard error is. */
    public Path logFile(PlannedRun run) {
        return directory.resolve("logs").resolve(run.fileStem() + ".log");
    }

    /** Where the report is. */
    public Path reportFile() {
        return directory.resolve("report.html");
    }

    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw HarnessException.environment("cannot release " + directory + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Where a run's result is in a folder. */
    public static Path resultFile(Path directory, PlannedRun run) {
        return directory.resolve("results").resolve(run.fileStem() + ".json");
    }

    private static void refuseNonEmpty(Path directory) {
        if (isResultFolder(directory)) {
            throw HarnessException.badInput(
                    directory + " already holds results: continue them with --resume, or choose another --out");
        }
        if (!Files.isDirectory(directory)) {
            if (Files.exists(directory)) {
                throw HarnessException.badInput(directory + " is not a folder: choose another --out");
            }
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            // A process killed between creating the folder and writing the plan leaves these.
            if (entries.map(path -> path.getFileName().toString())
                    .anyMatch(name ->
                            !name.equals(".lock") && !name.equals(SUITE) && !name.endsWith(AtomicFiles.TEMP_SUFFIX))) {
                throw HarnessException.badInput(directory + " is not empty and holds no results: choose another --out");
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + directory + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static Plan readPlan(Path directory) {
        Path file = directory.resolve(PLAN);
        if (!Files.isDirectory(directory)) {
            throw HarnessException.badInput(directory + ": no such folder");
        }
        if (!Files.isRegularFile(file)) {
            throw HarnessException.badInput(directory + ": not a results folder of Ringside (it has no " + PLAN + ")");
        }
        return ResultJson.read(readText(file), Plan.class, file);
    }

    private static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw HarnessException.environment("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static FileChannel lock(Path directory) {
        Path file = directory.resolve(".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw HarnessException.environment(directory + " is in use by another ringside: wait for it to end");
            }
            return channel;
        } catch (IOException e) {
            throw HarnessException.environment("cannot write in " + directory + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }
}
