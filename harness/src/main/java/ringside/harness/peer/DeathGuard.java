package ringside.harness.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Ends a child process when this JVM dies, however it dies: a small shell holds the other end of a pipe and acts when
 * the pipe ends. Signals of the terminal do not reach it, because it is needed most after Ctrl-C.
 */
final class DeathGuard implements AutoCloseable {
    /** The first line names the process; the end of the input is the end of this JVM. */
    private static final String SCRIPT = "trap '' INT TERM HUP; read -r p; read -r _;"
            + " if [ -n \"$p\" ]; then kill -TERM \"$p\" 2>/dev/null;"
            + " i=0; while kill -0 \"$p\" 2>/dev/null && [ $i -lt 30 ]; do sleep 0.1; i=$((i+1)); done;"
            + " kill -KILL \"$p\" 2>/dev/null; fi; rm -rf -- \"$1\"";

    private final Process guard;

    private DeathGuard(Process guard) {
        this.guard = guard;
    }

    /**
     * Starts a guard before there is something to guard, so that nothing is ever without one.
     *
     * @param folder removed with the process, because its owner no longer can
     */
    static DeathGuard start(Path folder) throws IOException {
        return new DeathGuard(new ProcessBuilder(List.of("sh", "-c", SCRIPT, "guard", folder.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Names the process, just started. */
    void watch(Process process) throws IOException {
        guard.getOutputStream().write((process.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        guard.getOutputStream().flush();
    }

    /** The process has ended or will be ended otherwise. */
    @Override
    public void close() {
        guard.destroyForcibly(); // before the pipe ends, so that it never acts on a process id of somebody else
        try {
            guard.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
