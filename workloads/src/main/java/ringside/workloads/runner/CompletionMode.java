package ringside.workloads.runner;

/** How a load thread waits for completions. */
public enum CompletionMode {
    /** It halts until the device notifies it. */
    INTERRUPT("interrupt"),
    /** It spins. */
    POLL("poll");

    private final String label;

    CompletionMode(String label) {
        this.label = label;
    }

    /** The name used in suites, options and results. */
    public String label() {
        return label;
    }

    /**
     * The mode with this label.
     *
     * @throws IllegalArgumentException naming the known labels
     */
    public static CompletionMode of(String label) {
        for (CompletionMode mode : values()) {
            if (mode.label.equals(label)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("unknown completion mode '" + label + "': use interrupt or poll");
    }
}
