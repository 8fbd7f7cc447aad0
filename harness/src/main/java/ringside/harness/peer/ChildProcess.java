package ringside.harness.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ringside.harness.HarnessException;

/**
 * A foreign process with a private folder. It never outlives its owner: closing ends it with all its children, and so
 * does the death of this JVM. One thread.
 */
public final class ChildProcess implements AutoCloseable {
    private static final long GRACE_S = 5;
    private static final int TAIL_LINES = 3;

    private final Process process;
    private final DeathGuard guard;
    private final Path folder;
    private final Path log;

    private ChildProcess(Process process, DeathGuard guard, Path folder, Path log) {
        this.process = process;
        this.guard = guard;
        this.folder = folder;
        this.log = log;
    }

    /** A private folder for sockets and files of a process; its path is short enough for a socket's address. */
    static Path makeFolder() {
        try {
            return Files.createTempDirectory("ringside");
        } catch (IOException e) {
            throw HarnessException.environment("cannot make a folder for temporary files: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a command.
     *
     * @param folder of {@link #makeFolder()}; removed at the end
     * @param log gets both output streams
     * @throws HarnessException when the program is missing
     */
    static ChildProcess start(List<String> command, Path folder, Path log) {
        Process process = null;
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            DeathGuard guard = DeathGuard.start(folder);
            try {
                process = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
                guard.watch(process);
                return new ChildProcess(process, guard, folder, log);
            } catch (IOException e) {
                guard.close();
                throw e;
            }
        } catch (IOException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            remove(folder);
            throw HarnessException.environment(
                    "cannot start " + command.getFirst() + ": " + HarnessException.oneLine(e.getMessage()), e);
        }
    }

    long pid() {
        return process.pid();
    }

    Path folder() {
        return folder;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code, when it ends in time. */
    boolean waitFor(long limitNs) {
        try {
            return process.waitFor(limitNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Only after it has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** The end of its log in one line, with a colon before it; empty when it wrote nothing. */
    String tail() {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                    .toList();
            String last = lines.stream()
                    .skip(Math.max(0, lines.size() - TAIL_LINES))
                    .map(String::strip)
                    .collect(Collectors.joining("; "));
            return last.isEmpty() ? "" : ": " + last;
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends it with its children, politely first. Its folder stays until {@link #close()}. */
    void stop() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        if (!waitFor(TimeUnit.SECONDS.toNanos(GRACE_S))) {
            process.destroyForcibly();
            waitFor(TimeUnit.SECONDS.toNanos(GRACE_S));
        }
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(ChildProcess::awaitEnd);
        guard.close();
    }

    private static void awaitEnd(ProcessHandle child) {
        try {
            child.onExit().get(GRACE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            System.getLogger(ChildProcess.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            () -> "process " + child.pid() + " was killed and is still there");
        }
    }

    /** Ends it if that was not done, and removes the folder. */
    @Override
    public void close() {
        stop();
        remove(folder);
    }

    static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(ChildProcess.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "left behind: " + folder + " (" + e.getMessage() + ")");
        }
    }
}
