package ringside.harness.run;

/** Estimates the time to the end from the plan, and from finished runs as soon as there are some. */
public final class RemainingTime {
    private final long plannedRunNs;
    private long finishedNs;
    private int finished;
    private long startedNs;

    /** @param plannedRunNs what a run takes before any was finished */
    public RemainingTime(long plannedRunNs) {
        this.plannedRunNs = plannedRunNs;
    }

    /** A run begins. */
    public void started(long nowNs) {
        startedNs = nowNs;
    }

    /** The run has ended. */
    public void finished(long nowNs) {
        finishedNs += nowNs - startedNs;
        finished++;
    }

    /** What a run takes, as far as that is known. */
    public long runNs() {
        return finished == 0 ? plannedRunNs : finishedNs / finished;
    }

    /** Nanoseconds left when so many runs, the current one included, have no result yet. */
    public long leftNs(long nowNs, int remaining) {
        long runNs = runNs();
        return Math.max(0, remaining * runNs - Math.min(runNs, nowNs - startedNs));
    }
}
