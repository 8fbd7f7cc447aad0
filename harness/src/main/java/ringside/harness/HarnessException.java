package ringside.harness;

import java.util.Objects;

/**
 * A refusal that the user can act on: the message is one line that names the place and the remedy. The command line
 * prints it without a stack trace.
 */
public final class HarnessException extends RuntimeException {
    /** Who has to act. */
    public enum Kind {
        /** The command line, a suite or a job file is wrong. */
        BAD_INPUT,
        /** The input is fine, but this host cannot do it: no room, no permission, a folder in use. */
        ENVIRONMENT
    }

    private final Kind kind;

    private HarnessException(Kind kind, String message, Throwable cause) {
        super(oneLine(message), cause);
        this.kind = kind;
    }

    /** The input is wrong. */
    public static HarnessException badInput(String message) {
        return new HarnessException(Kind.BAD_INPUT, message, null);
    }

    /** The input is wrong, as this cause found. */
    public static HarnessException badInput(String message, Throwable cause) {
        return new HarnessException(Kind.BAD_INPUT, message, cause);
    }

    /** The host cannot do it. */
    public static HarnessException environment(String message) {
        return new HarnessException(Kind.ENVIRONMENT, message, null);
    }

    /** The host cannot do it, as this cause found. */
    public static HarnessException environment(String message, Throwable cause) {
        return new HarnessException(Kind.ENVIRONMENT, message, cause);
    }

    /** Who has to act. */
    public Kind kind() {
        return kind;
    }

    /** A text without line breaks: what a one-line error may contain of a foreign message. */
    public static String oneLine(String text) {
        return Objects.requireNonNullElse(text, "no message").strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
