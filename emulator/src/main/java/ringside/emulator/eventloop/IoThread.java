package ringside.emulator.eventloop;

import ringside.emulator.trace.CounterId;

/**
 * A loop on a thread of its own, without the big lock (QEMU: IOThread, data plane). Busy-polls adaptively before it
 * blocks.
 */
public final class IoThread extends EventLoop {
    /** No time: nanoTime never returns it in the life of a machine. */
    private static final long NOTHING = Long.MIN_VALUE;

    private final PollPolicy policy;

    /**
     * @param pollMaxNs upper bound of the busy-poll phase, 0 switches it off
     * @param pollGrow growth factor, 0 for QEMU's default
     * @param pollShrink divisor, 0 for back to nothing at once
     */
    public IoThread(String name, boolean counting, long pollMaxNs, int pollGrow, int pollShrink) {
        super(name, counting);
        this.policy = new PollPolicy(pollMaxNs, pollGrow, pollShrink);
    }

    @Override
    void run() {
        while (!stopping()) {
            if (pass() == 0) {
                idle();
            }
        }
    }

    @Override
    void inContext(Runnable action) {
        action.run();
    }

    private void idle() {
        if (!policy.enabled()) {
            block();
            return;
        }
        long start = System.nanoTime();
        long pollNs = policy.currentNs();
        long foundNs = pollNs > 0 ? busyPoll(start, pollNs) : NOTHING;
        if (foundNs == NOTHING) {
            block();
            foundNs = System.nanoTime();
        }
        policy.adjust(foundNs - start);
    }

    /**
     * Polls until work was found (and done) or the phase is over.
     *
     * @return when the work was found, {@link #NOTHING} when there was none. It is the time before the pass that found
     *     it: how long handling took says nothing about whether polling pays
     */
    private long busyPoll(long start, long pollNs) {
        long deadline = start + pollNs;
        long now = start;
        boolean hit;
        do {
            Thread.onSpinWait();
            hit = pass() > 0;
            if (hit) {
                break;
            }
            now = System.nanoTime();
        } while (now < deadline && !stopping());
        if (counting()) {
            counters().increment(hit ? CounterId.POLL_HITS : CounterId.POLL_MISSES);
            counters().add(CounterId.POLL_NS, now - start);
        }
        return hit ? now : NOTHING;
    }

    private void block() {
        if (!beginBlocking()) {
            return;
        }
        long start = counting() ? System.nanoTime() : 0;
        boolean readable = await(timeoutNs());
        endBlocking(readable);
        if (counting()) {
            counters().increment(CounterId.LOOP_BLOCKS);
            counters().add(CounterId.BLOCKED_NS, System.nanoTime() - start);
        }
    }
}
