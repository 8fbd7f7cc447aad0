package ringside.workloads.load;

/**
 * What ends a lane.
 *
 * @param continueOnError go on after an I/O error (fio: continue_on_error)
 * @param flushAtEnd end a lane that wrote with a flush (fio: end_fsync)
 * @param start when it begins
 * @param ownRuntimeNs end this lane's measurement after so long; Long.MAX_VALUE: the phase decides
 */
public record LaneRules(boolean continueOnError, boolean flushAtEnd, StartGate start, long ownRuntimeNs) {
    /** A lane that begins at once. */
    public LaneRules(boolean continueOnError, boolean flushAtEnd, long ownRuntimeNs) {
        this(continueOnError, flushAtEnd, new StartGate(Stages.single(), 0, 0), ownRuntimeNs);
    }
}
