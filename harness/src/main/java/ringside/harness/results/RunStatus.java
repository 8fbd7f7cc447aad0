package ringside.harness.results;

/** Whether a run counts. */
public enum RunStatus {
    /** Complete and passed its sanity checks. */
    OK,
    /** Complete, but a sanity check failed: shown, never averaged in. */
    INVALID,
    /** Did not complete: the reason says why. */
    FAILED
}
