package ringside.workloads.job;

import java.nio.file.Path;

/**
 * Something in a job file that does not act as it would in fio.
 *
 * @param file the job file
 * @param line 1-based line
 * @param option name of the option
 * @param kind how serious it is
 * @param text what happened to it
 */
public record JobWarning(Path file, int line, String option, Kind kind, String text) {
    /** How serious a warning is. */
    public enum Kind {
        /** Accepted and recorded; something else decides here. Fine under strict too. */
        NOTE,
        /** fio knows it, Ringside does not implement it. */
        NOT_IMPLEMENTED,
        /** fio does not know it either. */
        UNKNOWN
    }

    /** {@code file:line: text}. */
    public String message() {
        return file + ":" + line + ": " + text;
    }
}
