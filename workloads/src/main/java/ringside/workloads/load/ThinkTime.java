package ringside.workloads.load;

import ringside.workloads.job.JobThink;

/** The pauses of a lane. Confined to its load thread; allocates nothing. */
final class ThinkTime {
    private final JobThink rule;
    private long counted;
    private long sinceNs;
    private boolean due;
    private boolean pausing;
    private long untilNs;

    ThinkTime(JobThink rule) {
        this.rule = rule;
    }

    void begin(long nowNs) {
        counted = 0;
        sinceNs = nowNs;
        due = false;
        pausing = false;
    }

    void issued() {
        if (rule.byIssue()) {
            count();
        }
    }

    void completed() {
        if (!rule.byIssue()) {
            count();
        }
    }

    private void count() {
        counted++;
        due |= rule.blocks() > 0 && counted >= rule.blocks();
    }

    /** Whether the lane makes no request now: it waits for the last ones of its turn, or pauses. */
    boolean holds(long nowNs, int inFlight) {
        if (pausing) {
            if (nowNs - untilNs < 0) {
                return true;
            }
            begin(nowNs);
            return false;
        }
        due |= rule.ioTimeNs() > 0 && nowNs - sinceNs >= rule.ioTimeNs();
        if (due && inFlight == 0) {
            pause(nowNs);
        }
        return due;
    }

    private void pause(long nowNs) {
        pausing = true;
        untilNs = nowNs + rule.pauseNs();
        while (System.nanoTime() - nowNs < rule.spinNs()) {
            Thread.onSpinWait();
        }
    }

    /** When the pause ends; Long.MAX_VALUE outside one. */
    long untilNs() {
        return pausing ? untilNs : Long.MAX_VALUE;
    }
}
