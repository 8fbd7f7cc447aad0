package ringside.workloads.load;

/**
 * What ends a lane.
 *
 * @param continueOnError go on after an I/O error (fio: continue_on_error)
 * @param flushAtEnd end a lane that wrote with a flush (fio: end_fsync)
 * @param ownRuntimeNs end this lane's measurement after so long; Long.MAX_VALUE: the phase decides
 */
public record LaneRules(boolean continueOnError, boolean flushAtEnd, long ownRuntimeNs) {}
