package ringside.harness.stats;

/** What a comparison may claim. */
public enum Verdict {
    /** The interval of the ratio lies wholly on the better side of 1. */
    FASTER("faster"),
    /** The interval of the ratio lies wholly on the worse side of 1. */
    SLOWER("slower"),
    /** The interval contains 1. */
    NO_DIFFERENCE_SHOWN("no difference shown"),
    /** A cell has fewer than {@link Comparison#MINIMUM_PAIRS} pairs of valid runs, or there is none. */
    TOO_FEW_RUNS("too few runs");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** The words used in reports. */
    public String label() {
        return label;
    }
}
