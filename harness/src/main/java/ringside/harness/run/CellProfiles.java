package ringside.harness.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import ringside.harness.HarnessException;
import ringside.harness.observe.Profiler;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.suite.Option;

/** One more run of each cell, sampled by a profiler; its figures are no result. */
final class CellProfiles implements RunLauncher {
    private final ResultStore store;
    private final SuiteProgress progress;
    private final Cancellation cancellation;
    private final Optional<Path> library;

    /** @param library async-profiler's library; empty for the JVM's own sampler */
    CellProfiles(ResultStore store, SuiteProgress progress, Cancellation cancellation, Optional<Path> library) {
        this.store = store;
        this.progress = progress;
        this.cancellation = cancellation;
        this.library = library;
    }

    /** The first run of each cell that has no profile yet and whose load runs in our own JVM. */
    List<PlannedRun> missing(PreparedSuite suite) {
        Map<String, PlannedRun> first = new LinkedHashMap<>();
        for (PlannedRun run : store.plan().runs()) {
            boolean own = !suite.cells().get(run.cell()).option(Option.TARGET).equals("fio");
            if (own && !Files.exists(file(run))) {
                first.putIfAbsent(run.cell(), run);
            }
        }
        return List.copyOf(first.values());
    }

    /** @param specs what to run; empty for a cell that cannot run */
    void make(List<PlannedRun> runs, Function<PlannedRun, Optional<RunSpec>> specs) {
        for (int i = 0; i < runs.size() && !cancellation.requested(); i++) {
            PlannedRun run = runs.get(i);
            int number = i + 1;
            specs.apply(run).ifPresent(spec -> {
                progress.started(run, "profile of " + run.cell(), number, runs.size());
                problem(spec, run)
                        .filter(_ -> !cancellation.requested())
                        .ifPresent(text -> progress.note("no profile of " + run.cell() + ": " + text));
            });
        }
    }

    private Optional<String> problem(RunSpec spec, PlannedRun run) {
        Path html = file(run);
        Path result = html.resolveSibling("." + run.cell() + ".json");
        Path log = html.resolveSibling(run.cell() + ".log");
        try {
            return launch(spec, result, log, new LiveProgress(progress, () -> 0))
                    .or(() -> failure(result));
        } finally {
            delete(result);
        }
    }

    /** The graph appears under its name when it is whole. */
    @Override
    public Optional<String> launch(RunSpec spec, Path resultFile, Path logFile, RunProgressListener listener) {
        Path html = file(spec.run());
        Path part = html.resolveSibling("." + html.getFileName());
        try (ForkedRun launcher = new ForkedRun(cancellation, store.directory(), flags(part))) {
            Optional<String> problem = launcher.launch(spec, resultFile, logFile, listener);
            if (problem.isEmpty() && Files.exists(part)) {
                Files.move(part, html);
            }
            return problem;
        } catch (IOException e) {
            throw HarnessException.environment("cannot write " + html + ": " + AtomicFiles.reason(e), e);
        } finally {
            delete(part);
        }
    }

    private List<String> flags(Path html) {
        List<String> flags = new ArrayList<>();
        flags.add("-D" + Profiler.FILE + "=" + html);
        flags.add("-XX:+UnlockDiagnosticVMOptions");
        flags.add("-XX:+DebugNonSafepoints"); // else inlined code shows at the next safepoint poll
        library.ifPresent(path -> {
            flags.add("-D" + Profiler.LIBRARY + "=" + path);
            flags.add("-XX:+EnableDynamicAgentLoading");
        });
        return flags;
    }

    private static Optional<String> failure(Path result) {
        try {
            RunResult run = ResultJson.read(Files.readString(result), RunResult.class, result);
            return run.status() == RunStatus.FAILED ? Optional.of(run.reason()) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(AtomicFiles.reason(e));
        }
    }

    private Path file(PlannedRun run) {
        return store.profileFile(run);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw HarnessException.environment("cannot delete " + file + ": " + AtomicFiles.reason(e), e);
        }
    }
}
