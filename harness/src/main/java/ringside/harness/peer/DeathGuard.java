package ringside.harness.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Ends a child process when this JVM dies, however it dies: a small shell holds the other end of a pipe and acts when
 * the pipe ends. Signals of the terminal do not reach it, because it is needed most after Ctrl-C.
 */
final class DeathGuard implements AutoCloseable {
    private static final String SCRIPT = "trap '' INT TERM HUP; read -r _; kill -TERM \"$1\" 2>/dev/null;"
            + " i=0; while kill -0 \"$1\" 2>/dev/null && [ $i -lt 30 ]; do sleep 0.1; i=$((i+1)); done;"
            + " kill -KILL \"$1\" 2>/dev/null; rm -rf -- \"$2\"";

    private final Process guard;

    private DeathGuard(Process guard) {
        this.guard = guard;
    }

    /**
     * Guards a process.
     *
     * @param folder removed with it, because its owner no longer can
     */
    static DeathGuard watch(Process process, Path folder) throws IOException {
        return new DeathGuard(new ProcessBuilder(
                        List.of("sh", "-c", SCRIPT, "guard", Long.toString(process.pid()), folder.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
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
