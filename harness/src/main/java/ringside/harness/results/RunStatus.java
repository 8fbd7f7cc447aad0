package ringside.harness.results;

/** Whether a run counts. */
public enum RunStatus {
    /** Complete and passed its sanity checks. */
    OK("valid"),
    /** Complete, but a sanity check failed: shown, never averaged in. */
    INVALID("invalid"),
    /** Complete, but an open loop fell short of the rate that was asked for: shown, never averaged in. */
    TARGET_MISSED("below their rate"),
    /** Did not complete: the reason says why. */
    FAILED("failed");

    private final String label;

    RunStatus(String label) {
        this.label = label;
    }

    /** For people, behind a number of runs. */
    public String label() {
        return label;
    }
}
