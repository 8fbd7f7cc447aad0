package ringside.harness.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/** The server under load: a process that is started, measured, killed and started again. One thread. */
final class SoakServer implements AutoCloseable {
    private static final long STOP_S = 60;

    private final List<String> command;
    private final Path log;
    private Process process;
    private String ready = "";
    private boolean diedByItself;

    /**
     * @param arguments of {@code ringside serve}
     * @param log file for its messages
     */
    SoakServer(List<String> arguments, Path log) {
        this.command = ServerJvm.command(arguments);
        this.log = log;
    }

    /**
     * Starts it and waits until it serves.
     *
     * @throws HarnessException when it does not come up, with its own words
     */
    void start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            BufferedReader out = process.inputReader();
            String line = out.readLine();
            if (line == null) {
                throw HarnessException.badInput("the server did not start: " + lastMessage());
            }
            ready = line;
        } catch (IOException e) {
            throw HarnessException.environment("cannot start the server: " + AtomicFiles.reason(e), e);
        }
    }

    /** Its first line: what it serves. */
    String ready() {
        return ready;
    }

    /** kill -9. */
    void kill() {
        noteDeath();
        process.destroyForcibly();
        await();
    }

    /** Whether it runs; a server that ended although nobody asked it to is remembered. */
    boolean isAlive() {
        noteDeath();
        return process.isAlive();
    }

    private void noteDeath() {
        diedByItself |= process != null && !process.isAlive();
    }

    boolean diedByItself() {
        return diedByItself;
    }

    Optional<ProcessUse> use() {
        return ProcessUse.of(process.pid());
    }

    /** SIGTERM. Returns the exit code. */
    int stop() {
        noteDeath();
        process.toHandle().destroy(); // unlike Process.destroy it leaves the streams open
        return await();
    }

    private int await() {
        try {
            if (!process.waitFor(STOP_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** The last thing it said, for an error of ours. */
    String lastMessage() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.reduce((_, last) -> last).orElse("it said nothing");
        } catch (IOException e) {
            return "its messages are not readable";
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
            await();
        }
    }
}
