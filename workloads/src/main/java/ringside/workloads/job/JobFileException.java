package ringside.workloads.job;

import java.nio.file.Path;

/** A job file that cannot be used. The message is one line, {@code file:line: what is wrong: the remedy}. */
public final class JobFileException extends RuntimeException {
    JobFileException(Path file, int line, String message) {
        super(file + ":" + line + ": " + message);
    }

    JobFileException(Path file, String message) {
        super(file + ": " + message);
    }
}
