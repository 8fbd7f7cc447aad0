package ringside.harness.ab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.run.Cancellation;
import ringside.harness.run.RunRequest;

/** One run by a side's own program, in a folder of its own, and what of it goes into the side's results. */
final class SideRun {
    private static final long TICK_S = 1;

    /** The exit code of a run that was made and is not valid. */
    private static final int RUNS_FAILED = 1;

    private final AbFolder folder;
    private final AbSide side;
    private final RunRequest request;
    private final Cancellation cancellation;
    private final Runnable tick;

    /** @param tick called about once a second while the program runs */
    SideRun(AbFolder folder, AbSide side, Cancellation cancellation, Runnable tick) {
        this.folder = folder;
        this.side = side;
        this.request = folder.opened(side).suite().request();
        this.cancellation = cancellation;
        this.tick = tick;
    }

    /**
     * Makes a run and adds its result; empty when a stop was asked for.
     *
     * @throws HarnessException in the program's words when it refuses
     */
    Optional<RunResult> make(PlannedRun run) {
        ResultStore store = folder.opened(side).store();
        Path work = folder.workFolder();
        remove(work);
        Path log = store.logFile(run);
        int exit = start(run, work, log);
        if (cancellation.requested()) {
            remove(work);
            return Optional.empty();
        }
        if (exit != 0 && exit != RUNS_FAILED) {
            throw HarnessException.badInput(
                    side.name() + " (" + side.label() + ") ended with " + exit + ": " + lastLine(log));
        }
        RunResult result = take(run, work, store);
        remove(work);
        return Optional.of(result);
    }

    private int start(PlannedRun run, Path work, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command(run, work));
        // What was built when the comparison began is what is compared to its end.
        builder.environment().put("RINGSIDE_NO_BUILD", "1");
        builder.environment().put("NO_COLOR", "1");
        try {
            Files.createDirectories(log.getParent());
            Process process = builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            cancellation.watch(process);
            while (!process.waitFor(TICK_S, TimeUnit.SECONDS)) {
                tick.run();
            }
            return process.exitValue();
        } catch (IOException e) {
            throw HarnessException.environment("cannot start " + side.launcher() + ": " + AtomicFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.request();
            return RUNS_FAILED;
        }
    }

    private List<String> command(PlannedRun run, Path work) {
        List<String> words = new ArrayList<>(
                List.of(side.launcher(), "run", folder.cellFile(run).toString()));
        side.settings().forEach(setting -> words.addAll(List.of("--set", setting)));
        words.addAll(List.of("--repeats", "1", "--seed", Long.toString(run.seed())));
        request.images().forEach(image -> words.addAll(List.of("--image", image.toString())));
        request.allowWrites().forEach(image -> words.addAll(List.of("--allow-writes", image.toString())));
        if (request.strict()) {
            words.add("--strict");
        }
        words.addAll(List.of("--no-report", "--out", work.toString()));
        return words;
    }

    private RunResult take(PlannedRun run, Path work, ResultStore store) {
        List<PlannedRun> made = ResultStore.plan(work).runs();
        List<RunResult> results = ResultStore.load(work).results();
        if (made.size() != 1 || results.size() != 1) {
            throw HarnessException.badInput(side.name() + " (" + side.label() + ") makes " + made.size()
                    + " runs of cell " + run.cell() + ": it has to understand all axes of the suite");
        }
        moveFiles(made.getFirst(), work.resolve("histograms"), store.histogramFile(run), run);
        moveFiles(made.getFirst(), work.resolve("logs"), store.logFile(run), run);
        store.add(run, results.getFirst().as(run, store.plan().suite()));
        return store.result(run).orElseThrow();
    }

    /** All files of a run, under the names that they have in the side's folder. */
    private static void moveFiles(PlannedRun made, Path from, Path place, PlannedRun run) {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, made.fileStem() + "*")) {
            Files.createDirectories(place.getParent());
            for (Path file : files) {
                String rest =
                        file.getFileName().toString().substring(made.fileStem().length());
                Path target = place.resolveSibling(run.fileStem() + rest);
                Files.write(target, Files.readAllBytes(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot keep files of " + from + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static String lastLine(Path log) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .map(line -> line.replaceFirst("^ringside: ", ""))
                    .orElse("it said nothing");
        } catch (IOException e) {
            return "its log cannot be read: " + log;
        }
    }

    private static void remove(Path work) {
        if (!Files.exists(work)) {
            return;
        }
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            throw HarnessException.environment("cannot remove " + work + ": " + e.getMessage(), e);
        }
    }
}
