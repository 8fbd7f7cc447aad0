package ringside.workloads.conformance.spec;

/** What a test found. */
public enum Verdict {
    /** The device does as the statement says. */
    PASS,
    /** The device survives, but does not do what is recommended or proposed. */
    DEVIATES,
    /** The device does otherwise than it must, or did not survive. */
    FAIL,
    /** Not applicable here; the evidence says why. */
    SKIP;

    /** The worse of two; a skipped test says nothing. */
    public Verdict and(Verdict other) {
        if (this == SKIP || other == SKIP) {
            return this == SKIP ? other : this;
        }
        return ordinal() >= other.ordinal() ? this : other;
    }
}
