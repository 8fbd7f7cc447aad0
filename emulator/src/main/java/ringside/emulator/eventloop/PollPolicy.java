package ringside.emulator.eventloop;

/**
 * Self-tuning of the busy-poll phase with QEMU's rules: a phase that ends just too early grows, one that cannot pay
 * shrinks. Confined to the loop's thread.
 */
final class PollPolicy {
    /** First phase after growing from 0, as in QEMU. */
    static final long FIRST_NS = 4_000;

    private static final int DEFAULT_GROW = 2;

    private final long maxNs;
    private final int grow;
    private final int shrink;
    private long currentNs;

    PollPolicy(long maxNs, int grow, int shrink) {
        this.maxNs = maxNs;
        this.grow = grow == 0 ? DEFAULT_GROW : grow;
        this.shrink = shrink;
    }

    /** Length of the next phase; 0 means do not poll. */
    long currentNs() {
        return currentNs;
    }

    /** Whether polling can ever happen. */
    boolean enabled() {
        return maxNs > 0;
    }

    /**
     * Learns from one wait.
     *
     * @param waitedNs from the begin of the phase until work came, blocked time included
     */
    void adjust(long waitedNs) {
        if (waitedNs <= currentNs) {
            return; // the phase was long enough
        }
        if (waitedNs > maxNs) {
            currentNs = shrink == 0 ? 0 : currentNs / shrink;
        } else if (currentNs < maxNs) {
            currentNs = Math.min(maxNs, currentNs == 0 ? FIRST_NS : currentNs * grow);
        }
    }
}
