package ringside.harness.stats;

/** What may be said of a cell that was measured twice. */
public enum Change {
    /** Better by at least the smallest effect of interest, and hardly by chance. */
    IMPROVED("improved"),
    /** Worse by at least the smallest effect of interest, and hardly by chance. */
    REGRESSED("regressed"),
    /** No such difference was found, and it would have been with a probability of 80 %. */
    SAME("same"),
    /** No such difference was found, but there are too few runs for their scatter to find it. */
    UNDERPOWERED("underpowered"),
    /** A side has fewer than {@link Comparison#MINIMUM_PAIRS} valid runs. */
    TOO_FEW_RUNS("too few runs"),
    /** The other folder does not have this cell. */
    ONLY_IN_A("only in A"),
    /** The other folder does not have this cell. */
    ONLY_IN_B("only in B");

    private final String label;

    Change(String label) {
        this.label = label;
    }

    /** The words used in reports. */
    public String label() {
        return label;
    }

    /** Whether a statement about the cell was possible at all. */
    public boolean decided() {
        return this == IMPROVED || this == REGRESSED || this == SAME;
    }
}
