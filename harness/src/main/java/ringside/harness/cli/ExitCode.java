package ringside.harness.cli;

/** Exit codes of the command, as documented in docs/exit-codes.md. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** Done, but some runs failed or are invalid; the report lists them. */
    RUNS_FAILED(1),
    /** The command line, a suite, a job or a folder is wrong; nothing was run. */
    USAGE(2),
    /** The host does not allow it: no room, no permission, a folder in use. */
    ENVIRONMENT(3),
    /** Done, and a tested device deviates from what is recommended, but from nothing that it must. */
    DEVIATES(4),
    /** {@code compare}, {@code gate}: something regressed. */
    REGRESSED(5),
    /** {@code gate}: too few runs for their scatter, or cells without results. */
    UNDECIDED(6),
    /** {@code gate}: results and baseline cannot be compared. */
    INCOMPATIBLE(7),
    /** An error of Ringside itself. */
    INTERNAL(70),
    /** Stopped by Ctrl-C; finished runs are kept. */
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number. */
    public int code() {
        return code;
    }
}
