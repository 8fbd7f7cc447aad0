package ringside.harness.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import ringside.emulator.block.coroutine.VirtualThreads;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultJson;

/** Runs a cell in a JVM of its own with fixed flags, so that no run inherits another one's compiled code or heap. */
final class ForkedRun implements RunLauncher, AutoCloseable {
    private static final String CLASS_ARCHIVE = ".worker-classes.jsa";

    /**
     * Flags of every worker. The serial collector has no threads of its own that would take a core from the load, and
     * the load does not allocate; a fixed, touched heap never grows in a measurement.
     */
    static final List<String> JVM_FLAGS = List.of(
            VirtualThreads.FLAG,
            "-Xms256m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+AlwaysPreTouch",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED");

    /** Size decides how long such a run takes, so only standing still is a reason to end it. */
    private static final long SILENCE_LIMIT_S = 60;

    private static final long START_LIMIT_S = 60;
    private static final int LOG_TAIL_LINES = 3;
    private static final int EXIT_SIGINT = 130;
    private static final int EXIT_SIGTERM = 143;
    private static final long SIGNAL_GRACE_MS = 2000;

    private final Cancellation cancellation;
    private final Path classArchive;
    private final List<String> moreFlags;

    /**
     * @param folder results folder, where the first worker leaves its loaded classes for the next ones (class data
     *     sharing): that shortens their start and holds no compiled code, so no run inherits anything measured
     */
    ForkedRun(Cancellation cancellation, Path folder) {
        this(cancellation, folder, List.of());
    }

    /** @param moreFlags of the JVM, for runs that are no results */
    ForkedRun(Cancellation cancellation, Path folder, List<String> moreFlags) {
        this.moreFlags = moreFlags;
        this.cancellation = cancellation;
        this.classArchive = folder.resolve(CLASS_ARCHIVE);
    }

    @Override
    public void close() {
        deleteQuietly(classArchive);
    }

    @Override
    public Optional<String> launch(RunSpec spec, Path resultFile, Path logFile, RunProgressListener listener) {
        Path specFile = logFile.resolveSibling("." + spec.run().fileStem() + ".spec.json");
        try {
            Files.createDirectories(logFile.getParent());
            AtomicFiles.write(specFile, ResultJson.write(spec));
            Process process = start(specFile, resultFile, logFile);
            cancellation.watch(process);
            return await(process, limitSeconds(spec), resultFile, logFile, listener);
        } catch (IOException e) {
            throw HarnessException.environment("cannot start a worker JVM: " + AtomicFiles.reason(e), e);
        } finally {
            deleteQuietly(specFile);
        }
    }

    private Process start(Path specFile, Path resultFile, Path logFile) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(moreFlags);
        command.add("-XX:+AutoCreateSharedArchive");
        command.add("-XX:SharedArchiveFile=" + classArchive);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                specFile.toString(),
                resultFile.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(logFile.toFile()))
                .start();
    }

    private static long limitSeconds(RunSpec spec) {
        long plannedNs =
                JobSource.of(spec.options(), spec.jobFile(), spec.strict()).plannedNs();
        return plannedNs == 0 ? Long.MAX_VALUE : START_LIMIT_S + 3 * TimeUnit.NANOSECONDS.toSeconds(plannedNs);
    }

    private Optional<String> await(
            Process process, long limitSeconds, Path resultFile, Path logFile, RunProgressListener listener)
            throws IOException {
        AtomicBoolean timedOut = new AtomicBoolean();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            long startNs = System.nanoTime();
            AtomicLong progressNs = new AtomicLong(startNs);
            AtomicLong lastIos = new AtomicLong(-1);
            clock.scheduleWithFixedDelay(
                    () -> {
                        long now = System.nanoTime();
                        if (expired(limitSeconds, now - startNs, now - progressNs.get())) {
                            timedOut.set(true);
                            process.destroyForcibly();
                        }
                    },
                    1,
                    1,
                    TimeUnit.SECONDS);
            readProgress(process, new RunProgressListener() {
                @Override
                public void progress(String phase, long elapsedNs, long plannedNs, long ios) {
                    // The worker reports on while requests hang: only more requests are progress.
                    if (lastIos.getAndSet(ios) != ios) {
                        progressNs.set(System.nanoTime());
                    }
                    listener.progress(phase, elapsedNs, plannedNs, ios);
                }

                @Override
                public void observed(String text) {
                    listener.observed(text);
                }
            });
            int code = waitFor(process);
            clock.shutdownNow();
            if (code == EXIT_SIGINT || code == EXIT_SIGTERM) {
                // Ctrl-C reaches the worker as well, perhaps before our own shutdown has begun.
                cancellation.requestedWithin(SIGNAL_GRACE_MS);
            }
            if (Files.exists(resultFile)) {
                return Optional.empty();
            }
            return Optional.of(
                    timedOut.get()
                            ? timeOut(limitSeconds)
                            : "the worker ended with exit code " + code + " and left no result" + tail(logFile));
        }
    }

    /** A run of planned length has a limit; one whose size decides is ended only when it reports nothing more. */
    static boolean expired(long limitSeconds, long elapsedNs, long silentNs) {
        return limitSeconds == Long.MAX_VALUE
                ? silentNs > TimeUnit.SECONDS.toNanos(SILENCE_LIMIT_S)
                : elapsedNs > TimeUnit.SECONDS.toNanos(limitSeconds);
    }

    private static String timeOut(long limitSeconds) {
        return limitSeconds == Long.MAX_VALUE
                ? "timed out: no progress for " + SILENCE_LIMIT_S + " s"
                : "timed out: no result after " + limitSeconds + " s";
    }

    private static int waitFor(Process process) {
        boolean interrupted = false;
        while (true) {
            try {
                int code = process.waitFor();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return code;
            } catch (InterruptedException e) {
                interrupted = true;
                process.destroyForcibly();
            }
        }
    }

    private static void readProgress(Process process, RunProgressListener listener) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = nextLine(reader); line != null; line = nextLine(reader)) {
            String[] words = line.split(" ");
            if (words.length == 5 && words[0].equals(WorkerMain.PROGRESS)) {
                listener.progress(
                        words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
            } else if (words[0].equals(WorkerMain.OBSERVED)) {
                listener.observed(line.substring(WorkerMain.OBSERVED.length()).strip());
            }
        }
    }

    /** The next line; null at the end, also when another thread has just ended the worker. */
    private static String nextLine(BufferedReader reader) {
        try {
            return reader.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    private static String tail(Path logFile) throws IOException {
        if (!Files.exists(logFile)) {
            return "";
        }
        List<String> lines = new String(Files.readAllBytes(logFile), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                .toList();
        String last = lines.stream()
                .skip(Math.max(0, lines.size() - LOG_TAIL_LINES))
                .map(String::strip)
                .collect(Collectors.joining("; "));
        return last.isEmpty() ? "" : ": " + last;
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(ForkedRun.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "left behind: " + file + " (" + e.getMessage() + ")");
        }
    }
}
