package ringside.workloads.trace;

import java.nio.file.Path;

/** A trace that cannot be used. The message is one line: file, place, reason and remedy. */
public final class TraceException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    TraceException(Path file, String message) {
        super(file + ": " + message);
    }

    TraceException(Path file, long line, String message) {
        super(file + ":" + line + ": " + message);
    }
}
