package ringside.emulator.guest;

/**
 * Self-tuning of halt polling with KVM's rules and defaults (kernel documentation, virt/kvm/halt-polling): grow while a
 * little more polling would have caught the wake-up, fall back to nothing when the wait was long. One thread.
 */
public final class HaltPolling {
    /** KVM: halt_poll_ns_grow_start. */
    private static final long GROW_START_NS = 10_000;

    /** KVM: halt_poll_ns_grow. */
    private static final int GROW = 2;

    private final long maxNs;
    private long currentNs;

    /** @param maxNs upper bound of the polling before a block, in nanoseconds; 0 switches it off */
    public HaltPolling(long maxNs) {
        if (maxNs < 0) {
            throw new IllegalArgumentException("halt-poll-ns must not be negative, it is " + maxNs);
        }
        this.maxNs = maxNs;
    }

    /** Whether there is any polling. */
    public boolean enabled() {
        return maxNs > 0;
    }

    /** How long to poll before the next block, in nanoseconds. */
    public long currentNs() {
        return currentNs;
    }

    /** Learns from one halt that took this long in all. */
    public void adjust(long haltedNs) {
        if (haltedNs <= currentNs) {
            return;
        }
        if (haltedNs > maxNs) {
            currentNs = 0;
        } else {
            currentNs = Math.min(maxNs, currentNs == 0 ? GROW_START_NS : currentNs * GROW);
        }
    }
}
