package ringside.emulator.trace;

/** How much a machine records about itself. Chosen when the machine is built; the cost of each is a benchmark. */
public enum TraceMode {
    /** Nothing beyond what the device needs to work. */
    OFF("off"),
    /** Counters per queue, loop, lock and engine; histograms of the big lock. */
    COUNTERS("counters"),
    /** {@link #COUNTERS}, and a timeline for every n-th request. */
    TIMELINE("timeline");

    private final String label;

    TraceMode(String label) {
        this.label = label;
    }

    /** The name used in suites, options and results. */
    public String label() {
        return label;
    }

    /** Whether counters are kept. */
    public boolean counts() {
        return this != OFF;
    }

    /**
     * The mode with this label.
     *
     * @throws IllegalArgumentException naming the known labels
     */
    public static TraceMode of(String label) {
        for (TraceMode mode : values()) {
            if (mode.label.equals(label)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("unknown trace mode '" + label + "': use off, counters or timeline");
    }
}
