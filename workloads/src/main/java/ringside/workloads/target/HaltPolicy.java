package ringside.workloads.target;

/** How a load thread waits when nothing is complete: the vCPU's halt, or a busy loop. */
public interface HaltPolicy {
    /**
     * Waits until a completion notification for any target of this thread arrives or the time is over. Called after
     * every target's {@link IoTarget#prepareToHalt()} returned false. May return early.
     *
     * @param maxNs upper bound of the wait in nanoseconds
     */
    void halt(long maxNs);
}
