package ringside.harness.gate;

/** What the gate says of a cell, a rule or the whole; in order of rising importance. */
public enum GateVerdict {
    /** As good as it has to be, and it would have shown otherwise. */
    PASS("pass"),
    /** Better than the baseline. */
    IMPROVED("improved"),
    /** The baseline does not have this cell. */
    NEW("new"),
    /** Nothing was found, but there are too few runs for their scatter to find it. */
    UNDERPOWERED("underpowered"),
    /** The baseline has this cell, the results have no value of it. */
    MISSING("missing"),
    /** An absolute limit or an expectation does not hold. */
    BROKEN("limit broken"),
    /** Worse than the baseline. */
    REGRESSED("regressed"),
    /** Results and baseline cannot be compared. */
    INCOMPATIBLE("incompatible");

    private final String label;

    GateVerdict(String label) {
        this.label = label;
    }

    /** The words used in reports. */
    public String label() {
        return label;
    }

    /** Whether it is worse than the gate allows. */
    public boolean failed() {
        return this == REGRESSED || this == BROKEN;
    }

    /** Whether nothing could be said. */
    public boolean undecided() {
        return this == UNDERPOWERED || this == MISSING;
    }

    /** The more important of two. */
    public GateVerdict worse(GateVerdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
