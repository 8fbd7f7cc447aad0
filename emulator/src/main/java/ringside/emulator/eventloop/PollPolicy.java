package ringside.emulator.eventloop;

import java.util.concurrent.TimeUnit;

/**
 * Self-tuning of the busy-poll phase with QEMU's rules: a phase that ends just too early grows, one that cannot pay
 * shrinks. On top of them, polling is suspended for a while when there is evidence that the loop shares its core with
 * those it keeps waiting: blocking then gives them the core at once. Confined to the loop's thread.
 */
final class PollPolicy {
    /** First phase after growing from 0, as in QEMU. */
    static final long FIRST_NS = 4_000;
    /** Work that comes so soon after a phase may have waited for nothing but our core: about what a wake-up takes. */
    static final long PROMPT_NS = 50_000;
    /** Phases in a row that just missed. One that grows by 2 towards work it can reach misses four times at most. */
    static final int JUST_MISSED = 6;
    /** Involuntary losses of the core within {@link #EVIDENCE_NS}. A lone one is the host's housekeeping. */
    static final int LOSSES = 3;

    static final long EVIDENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** First suspension; doubled each time it turns out to have been too short. */
    static final long SUSPENSION_NS = TimeUnit.MILLISECONDS.toNanos(20);

    static final long LONGEST_SUSPENSION_NS = TimeUnit.MILLISECONDS.toNanos(320);

    private static final int DEFAULT_GROW = 2;

    private final long maxNs;
    private final int grow;
    private final int shrink;
    private long currentNs;
    private int justMissed;
    private int losses;
    private long firstLossNs;
    private boolean suspended;
    private long suspendedUntilNs;
    private long suspensionNs;
    private long suspensions;

    PollPolicy(long maxNs, int grow, int shrink) {
        this.maxNs = maxNs;
        this.grow = grow == 0 ? DEFAULT_GROW : grow;
        this.shrink = shrink;
    }

    /** Length of the next phase; 0 means do not poll. */
    long phaseNs(long nowNs) {
        if (suspended && nowNs - suspendedUntilNs >= 0) {
            suspended = false;
        }
        return suspended ? 0 : currentNs;
    }

    /** Whether polling can ever happen. */
    boolean enabled() {
        return maxNs > 0;
    }

    /** Whether the next phase has a length, as far as can be said without the time. */
    boolean polling() {
        return currentNs > 0 && !suspended;
    }

    /** Whether the next phases are left out; ends at a call of {@link #phaseNs}. */
    boolean suspended() {
        return suspended;
    }

    /** How often polling has been suspended. */
    long suspensions() {
        return suspensions;
    }

    /** A phase found work: it was long enough. */
    void hit() {
        justMissed = 0;
    }

    /**
     * Learns from a wait whose work came after the phase, or without one.
     *
     * @param waitedNs from the begin of the phase until work came, blocked time included
     */
    void missed(long nowNs, long waitedNs) {
        if (suspended || waitedNs <= currentNs) {
            return;
        }
        if (currentNs > 0 && waitedNs - currentNs < PROMPT_NS && ++justMissed == JUST_MISSED) {
            suspend(nowNs);
        } else if (waitedNs > maxNs) {
            currentNs = shrink == 0 ? 0 : currentNs / shrink;
        } else if (currentNs < maxNs) {
            currentNs = Math.min(maxNs, currentNs == 0 ? FIRST_NS : currentNs * grow);
        }
    }

    /**
     * The scheduler took the core away in the middle of a phase: somebody else wants it.
     *
     * @param polledNs how long the phase had polled for nothing until then
     */
    void lostCore(long nowNs, long polledNs) {
        if (polledNs < PROMPT_NS) {
            return; // the end of a slice that was spent on work
        }
        if (losses == 0 || nowNs - firstLossNs > EVIDENCE_NS) {
            losses = 0;
            firstLossNs = nowNs;
        }
        if (++losses == LOSSES) {
            suspend(nowNs);
        }
    }

    private void suspend(long nowNs) {
        boolean again = suspensionNs > 0 && nowNs - suspendedUntilNs < Math.max(suspensionNs, EVIDENCE_NS);
        suspensionNs = again ? Math.min(LONGEST_SUSPENSION_NS, 2 * suspensionNs) : SUSPENSION_NS;
        suspendedUntilNs = nowNs + suspensionNs;
        suspended = true;
        suspensions++;
        currentNs = 0;
        justMissed = 0;
        losses = 0;
    }
}
