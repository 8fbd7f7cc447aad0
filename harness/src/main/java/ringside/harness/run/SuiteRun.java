package ringside.harness.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.harness.observe.BuildFacts;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.suite.Option;
import ringside.harness.suite.ServerTemplates;
import ringside.harness.sweep.Cell;

/** Executes what a folder's plan still lacks, run by run. */
public final class SuiteRun {
    private final ResultStore store;
    private final PreparedSuite suite;
    private final SuiteProgress progress;
    private final Cancellation cancellation;
    private final RunLauncher launcher;
    private final BuildFacts build = BuildFacts.collect();
    private boolean fallbackNoted;

    private SuiteRun(
            ResultStore store,
            PreparedSuite suite,
            SuiteProgress progress,
            Cancellation cancellation,
            RunLauncher launcher) {
        this.store = store;
        this.suite = suite;
        this.progress = progress;
        this.cancellation = cancellation;
        this.launcher = launcher;
    }

    /**
     * Runs in forked JVMs until all is done or a stop was asked for.
     *
     * @param retries how often a run that the host disturbed is repeated, after all others
     */
    public static SuiteSummary execute(
            ResultStore store, PreparedSuite suite, SuiteProgress progress, Cancellation cancellation, int retries) {
        try (ForkedRun launcher = new ForkedRun(cancellation, store.directory())) {
            return execute(store, suite, progress, cancellation, launcher, retries);
        }
    }

    static SuiteSummary execute(
            ResultStore store,
            PreparedSuite suite,
            SuiteProgress progress,
            Cancellation cancellation,
            RunLauncher launcher,
            int retries) {
        SuiteRun run = new SuiteRun(store, suite, progress, cancellation, launcher);
        suite.warnings().forEach(progress::note);
        List<PlannedRun> remaining = store.remaining();
        if (remaining.isEmpty() && suite.scratchImages() > 0) {
            ScratchImages.removeLeftovers(store.directory());
        }
        int executed = remaining.isEmpty() ? 0 : run.withImages(remaining);
        for (int round = 0; round < retries && !cancellation.requested(); round++) {
            executed += run.retryDisturbed(retries);
        }
        return run.summary(executed);
    }

    /** Only what the host did decides which runs are repeated, never their figures. */
    private int retryDisturbed(int retries) {
        List<PlannedRun> disturbed = store.plan().runs().stream()
                .filter(run -> store.setAsideCount(run) < retries)
                .filter(run -> store.result(run)
                        .filter(result -> result.status() == RunStatus.OK)
                        .flatMap(RunResult::disturbance)
                        .isPresent())
                .toList();
        if (disturbed.isEmpty()) {
            return 0;
        }
        progress.note(disturbed.size() + (disturbed.size() == 1 ? " run was" : " runs were")
                + " disturbed by the host and will be repeated; what they measured stays in "
                + store.directory().resolve("disturbed"));
        return withImages(disturbed);
    }

    private int withImages(List<PlannedRun> remaining) {
        try (SuiteImages images = SuiteImages.make(store.directory(), suite, remaining, progress)) {
            return runAll(remaining, images);
        }
    }

    private int runAll(List<PlannedRun> remaining, SuiteImages images) {
        int planned = store.plan().runs().size();
        RemainingTime time = new RemainingTime(suite.estimateNs(1));
        int executed = 0;
        for (PlannedRun run : remaining) {
            if (cancellation.requested()) {
                break;
            }
            if (Files.exists(store.resultFile(run))) {
                store.setAside(run);
            }
            int number = planned - remaining.size() + executed + 1;
            int left = remaining.size() - executed;
            if (runOne(run, images, number, left, time)) {
                executed++;
            }
        }
        return executed;
    }

    /**
     * Repeats the cells that are known least until a time is over.
     *
     * @param untilNs nanoTime at which all is to be done
     */
    public static SuiteSummary spend(
            ResultStore store, PreparedSuite suite, SuiteProgress progress, Cancellation cancellation, long untilNs) {
        try (ForkedRun launcher = new ForkedRun(cancellation, store.directory())) {
            return spend(store, suite, progress, cancellation, launcher, untilNs);
        }
    }

    static SuiteSummary spend(
            ResultStore store,
            PreparedSuite suite,
            SuiteProgress progress,
            Cancellation cancellation,
            RunLauncher launcher,
            long untilNs) {
        SuiteRun run = new SuiteRun(store, suite, progress, cancellation, launcher);
        return run.summary(run.spend(new Budget(store, untilNs)));
    }

    private int spend(Budget budget) {
        RemainingTime time = new RemainingTime(suite.estimateNs(1));
        List<PlannedRun> more = budget.next(System.nanoTime(), time.runNs());
        int executed = 0;
        if (more.isEmpty()) {
            return executed;
        }
        try (SuiteImages images =
                SuiteImages.make(store.directory(), suite, store.plan().runs(), progress)) {
            while (!more.isEmpty() && !cancellation.requested()) {
                for (PlannedRun run : more) {
                    int number = store.plan().runs().indexOf(run) + 1;
                    if (!cancellation.requested() && runOne(run, images, number, more.size(), time)) {
                        executed++;
                    }
                }
                more = cancellation.requested() ? List.of() : budget.next(System.nanoTime(), time.runNs());
            }
        }
        return executed;
    }

    /**
     * Runs each cell once more under a profiler, unless it has been, and leaves a flame graph per cell.
     *
     * @param library async-profiler's library; empty for the JVM's own sampler
     */
    public static void profile(
            ResultStore store,
            PreparedSuite suite,
            SuiteProgress progress,
            Cancellation cancellation,
            Optional<Path> library) {
        CellProfiles profiles = new CellProfiles(store, progress, cancellation, library);
        List<PlannedRun> missing = profiles.missing(suite);
        if (missing.isEmpty()) {
            return;
        }
        try (SuiteImages images = SuiteImages.make(store.directory(), suite, missing, progress)) {
            SuiteRun run = new SuiteRun(store, suite, progress, cancellation, profiles);
            profiles.make(missing, planned -> run.profiled(planned, images));
        }
    }

    private Optional<RunSpec> profiled(PlannedRun run, SuiteImages images) {
        Cell cell = suite.cells().get(run.cell());
        boolean direct = !suite.usesImage(cell) || images.direct(cell);
        return suite.skipped().containsKey(cell.id())
                        || mislabelled(cell, direct).isPresent()
                ? Optional.empty()
                : Optional.of(prepare(run, cell, images, direct));
    }

    /** With the images in the state that each run of the cell finds. */
    private RunSpec prepare(PlannedRun run, Cell cell, SuiteImages images, boolean direct) {
        boolean usesImage = suite.usesImage(cell);
        if (usesImage && suite.modifies()) {
            images.renew(cell);
        }
        return spec(run, cell, usesImage ? images.files(cell) : List.of(), direct);
    }

    /** Returns whether the run has a result; an interrupted one has none. */
    private boolean runOne(PlannedRun run, SuiteImages images, int number, int left, RemainingTime time) {
        Cell cell = suite.cells().get(run.cell());
        boolean direct = !suite.usesImage(cell) || images.direct(cell);
        RunSpec spec = prepare(run, cell, images, direct);
        time.started(System.nanoTime());
        progress.started(run, cell.label(), number, store.plan().runs().size());
        String startedAt = OffsetDateTime.now().toString();
        RunProgressListener listener = new LiveProgress(progress, () -> time.leftNs(System.nanoTime(), left));
        Optional<String> problem = Optional.ofNullable(suite.skipped().get(cell.id()))
                .or(() -> mislabelled(cell, direct))
                .or(() -> launcher.launch(spec, store.resultFile(run), store.logFile(run), listener));
        if (problem.isPresent()) {
            if (cancellation.requested()) {
                return false;
            }
            store.add(run, ResultBuilder.failed(spec, problem.get(), ResultBuilder.provenance(spec, startedAt)));
        }
        time.finished(System.nanoTime());
        noteFallback(store.result(run).orElseThrow());
        progress.finished(
                run,
                cell.label(),
                store.result(run).orElseThrow(),
                number,
                store.plan().runs().size());
        return true;
    }

    /** Where cache modes or peers are compared, no cell may run with another mode than it says. */
    static Optional<String> mislabelled(Cell cell, boolean direct) {
        boolean machine = cell.option(Option.TARGET).equals("machine");
        String cache = machine ? cell.axes().get(Option.CACHE.label()) : cell.option(Option.CACHE);
        boolean needsDirect = "none".equals(cache) || "directsync".equals(cache);
        return needsDirect && !direct
                ? Optional.of("cache=" + cache + " needs O_DIRECT, which the file system of the scratch image does not"
                        + " take: choose another folder with --out, or give --image FILE")
                : Optional.empty();
    }

    private void noteFallback(RunResult result) {
        String requested = result.options().get(ResultBuilder.AIO_REQUESTED);
        if (requested != null && !fallbackNoted) {
            fallbackNoted = true;
            progress.note("this host does not allow aio=" + requested + ": cells that ask for it run with aio="
                    + result.options().get(Option.AIO.label()) + "; see ringside doctor");
        }
    }

    private RunSpec spec(PlannedRun run, Cell cell, List<String> images, boolean direct) {
        Map<String, String> options = new LinkedHashMap<>(cell.options());
        if (!images.isEmpty()) {
            options.put(Option.IMAGE.label(), String.join(",", images));
            if (!direct) {
                options.replace(Option.CACHE.label(), "none", "writeback");
                options.replace(Option.CACHE.label(), "directsync", "writethrough");
            }
        }
        return new RunSpec(
                store.plan().suite(),
                run,
                options,
                suite.request().suite().jobFile(),
                suite.request().strict(),
                images,
                suite.modifies(),
                store.histogramFile(run).toString(),
                serverCommand(cell),
                serverLog(run),
                command(run),
                build.version(),
                build.gitRevision());
    }

    private String serverCommand(Cell cell) {
        String server = cell.option(Option.SERVER);
        return cell.option(Option.TARGET).equals("vhost-user") && !server.isEmpty()
                ? ServerTemplates.find(server, suite.request().suite().servers())
                        .text()
                : "";
    }

    private String serverLog(PlannedRun run) {
        Path log = store.logFile(run);
        return log.resolveSibling(log.getFileName().toString().replaceFirst("\\.log$", "") + ".server.log")
                .toString();
    }

    /** What repeats this point, with the same load in each repetition. */
    private String command(PlannedRun run) {
        RunRequest request = suite.request();
        List<String> words = new ArrayList<>(List.of("ringside", "run", request.reference()));
        words.addAll(fixed(request.commandLine(), run.axes().keySet()));
        run.axes().forEach((axis, value) -> words.addAll(List.of("--set", axis + "=" + value)));
        words.addAll(List.of("--repeats", Integer.toString(store.plan().repeats())));
        words.addAll(List.of("--seed", Long.toString(store.plan().seed())));
        request.images().forEach(image -> words.addAll(List.of("--image", image.toString())));
        request.allowWrites().forEach(image -> words.addAll(List.of("--allow-writes", image.toString())));
        given(request.commandLine(), "--peer").forEach(peer -> words.addAll(List.of("--peer", peer)));
        given(request.commandLine(), "--job").forEach(job -> words.addAll(List.of("--job", job)));
        if (request.strict()) {
            words.add("--strict");
        }
        return words.stream().map(SuiteRun::quote).collect(Collectors.joining(" "));
    }

    /** The user's settings of options that are no axes of the plan. */
    private static List<String> fixed(List<String> commandLine, Set<String> axes) {
        List<String> words = new ArrayList<>();
        given(commandLine, "--set").stream()
                .filter(setting -> !axes.contains(setting.split("=", 2)[0]))
                .forEach(setting -> words.addAll(List.of("--set", setting)));
        return words;
    }

    /** Values of an option on a command line, in both forms that it has. */
    private static List<String> given(List<String> commandLine, String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < commandLine.size(); i++) {
            String word = commandLine.get(i);
            if (word.equals(option) && i + 1 < commandLine.size()) {
                i++;
                values.add(commandLine.get(i));
            } else if (word.startsWith(option + "=")) {
                values.add(word.substring(option.length() + 1));
            }
        }
        return values;
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private SuiteSummary summary(int executed) {
        int[] counts = new int[RunStatus.values().length];
        for (PlannedRun run : store.plan().runs()) {
            store.result(run).map(RunResult::status).ifPresent(status -> counts[status.ordinal()]++);
        }
        return new SuiteSummary(
                store.plan().runs().size(),
                counts[RunStatus.OK.ordinal()],
                counts[RunStatus.INVALID.ordinal()],
                counts[RunStatus.TARGET_MISSED.ordinal()],
                counts[RunStatus.FAILED.ordinal()],
                executed);
    }
}
