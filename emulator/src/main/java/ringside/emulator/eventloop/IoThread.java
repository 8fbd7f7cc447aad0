package ringside.emulator.eventloop;

import java.util.List;
import ringside.emulator.trace.CounterId;

/**
 * A loop on a thread of its own, without the big lock (QEMU: IOThread, data plane). Busy-polls adaptively before it
 * blocks, and blocks at once while polling would only keep others from the core it runs on.
 */
public final class IoThread extends EventLoop {
    /** Visits of a task between two looks at the clock, which costs as much as a visit or two. */
    private static final int VISITS_PER_LOOK = 32;
    /** Far above the time between two looks: the thread has not been running. */
    private static final long GAP_NS = 50_000;

    private final PollPolicy policy;
    private final InvoluntarySwitches switches = new InvoluntarySwitches();
    private List<Integer> cpus = List.of();

    /**
     * @param pollMaxNs upper bound of the busy-poll phase, 0 switches it off
     * @param pollGrow growth factor, 0 for QEMU's default
     * @param pollShrink divisor, 0 for back to nothing at once
     */
    public IoThread(String name, boolean counting, long pollMaxNs, int pollGrow, int pollShrink) {
        super(name, counting);
        this.policy = new PollPolicy(pollMaxNs, pollGrow, pollShrink);
    }

    /**
     * Lets the thread run on these CPUs only; before {@link #start()}.
     *
     * @param allowed numbers of CPUs, empty for no restriction
     */
    public void bindTo(List<Integer> allowed) {
        cpus = List.copyOf(allowed);
    }

    /** The CPUs that the thread is bound to, empty without a restriction. */
    public List<Integer> cpus() {
        return cpus;
    }

    /**
     * Starts the loop's thread.
     *
     * @throws IllegalArgumentException when this host or container has no such CPUs
     * @throws ringside.emulator.ffi.NativeException when the host refuses to bind the thread
     */
    @Override
    public void start() {
        super.start();
        if (!cpus.isEmpty()) {
            bind();
        }
    }

    private void bind() {
        try {
            invoke(() -> CpuAffinity.set(name(), cpus));
        } catch (IllegalStateException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    void run() {
        switches.more();
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
        if (policy.polling() && burst()) {
            policy.hit();
            return;
        }
        long start = System.nanoTime();
        long pollNs = policy.phaseNs(start);
        if (pollNs > 0 && busyPoll(start, pollNs)) {
            policy.hit();
            return;
        }
        boolean blocked = block();
        if (!blocked && pollNs > 0) {
            policy.hit(); // found by the last look, which arming is
            return;
        }
        long now = System.nanoTime();
        policy.missed(now, now - start);
        noteSuspensions();
    }

    private void noteSuspensions() {
        if (counting()) {
            counters()
                    .add(
                            CounterId.POLL_SUSPENSIONS,
                            policy.suspensions() - counters().value(CounterId.POLL_SUSPENSIONS));
        }
    }

    /** The beginning of a phase, up to where a look at the clock is worth its price. */
    private boolean burst() {
        boolean hit = spin();
        if (hit && counting()) {
            counters().increment(CounterId.POLL_HITS);
        }
        return hit;
    }

    /** Polls until work was found (and done), or for as long as one does without the clock. */
    private boolean spin() {
        int step = tasks() + 1;
        for (int visits = 0; visits < VISITS_PER_LOOK; visits += step) {
            Thread.onSpinWait();
            if (pass() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Polls until work was found (and done) or the phase is over. */
    private boolean busyPoll(long start, long pollNs) {
        long now = start;
        boolean hit;
        do {
            hit = spin();
            if (!hit) {
                now = look(start, now);
            }
        } while (!hit && now - start < pollNs && !policy.suspended() && !stopping());
        if (counting()) {
            counters().increment(hit ? CounterId.POLL_HITS : CounterId.POLL_MISSES);
            counters().add(CounterId.POLL_NS, now - start);
        }
        return hit;
    }

    /** Looks at the clock. A long gap is a neighbour's doing only where the scheduler says so: collectors pause, too. */
    private long look(long startNs, long lastNs) {
        long now = System.nanoTime();
        if (now - lastNs > GAP_NS && switches.more()) {
            policy.lostCore(now, lastNs - startNs);
        }
        return now;
    }

    /** Returns whether it did: not when work came meanwhile. */
    private boolean block() {
        if (!beginBlocking()) {
            return false;
        }
        long start = counting() ? System.nanoTime() : 0;
        boolean readable = await(timeoutNs());
        endBlocking(readable);
        if (counting()) {
            counters().increment(CounterId.LOOP_BLOCKS);
            counters().add(CounterId.BLOCKED_NS, System.nanoTime() - start);
        }
        return true;
    }

    @Override
    public void close() {
        super.close();
        switches.close();
    }
}
