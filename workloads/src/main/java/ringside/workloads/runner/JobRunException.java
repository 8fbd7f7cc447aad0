package ringside.workloads.runner;

/** A run that cannot start or cannot go on. The message is one line with the remedy. */
public final class JobRunException extends RuntimeException {
    JobRunException(String message) {
        super(message);
    }

    JobRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
