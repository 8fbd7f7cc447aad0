package ringside.workloads.load;

/**
 * When a lane begins: after the stages before its own and a delay (fio: stonewall, startdelay). Such a lane makes no request
 * in the ramp. Confined to the lane's load thread but for the stages.
 */
public final class StartGate {
    private final Stages stages;
    private final int stage;
    private final long delayNs;
    private boolean open;
    private boolean scheduled;
    private long startNs;

    /** @param delayNs from the begin of the measured phase, or of the stage when that is later */
    public StartGate(Stages stages, int stage, long delayNs) {
        this.stages = stages;
        this.stage = stage;
        this.delayNs = delayNs;
        stages.join(stage);
        open = stage == 0 && delayNs == 0;
    }

    /** Whether the lane begins with all others. */
    boolean isOpen() {
        return open;
    }

    /** Whether the moment has come; it does once. */
    boolean opens(long nowNs) {
        if (!scheduled && stages.isReached(stage)) {
            scheduled = true;
            startNs = nowNs + delayNs;
        }
        open = scheduled && nowNs - startNs >= 0;
        return open;
    }

    /** The moment, when it is known; Long.MAX_VALUE otherwise. */
    long startNs() {
        return scheduled && !open ? startNs : Long.MAX_VALUE;
    }

    /** The lane has ended. */
    void leave() {
        stages.leave(stage);
    }
}
