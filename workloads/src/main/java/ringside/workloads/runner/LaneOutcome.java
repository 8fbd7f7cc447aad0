package ringside.workloads.runner;

import java.util.List;
import java.util.Optional;
import ringside.workloads.load.IoFailure;
import ringside.workloads.load.LanePlace;

/**
 * One lane: a clone of a job on a queue of a disk.
 *
 * @param job name of the job
 * @param place disk, queue, clone and load thread
 * @param startNs begin of its window, from the begin of MEASURE
 * @param endNs end of its window, likewise
 * @param directions its directions
 * @param openLoop how it kept its schedule, of an open loop
 * @param syncs flushes among its writes, of a job that makes any
 * @param target the depth that it found, of a job that looks for one
 * @param otherErrors failed flushes, and reads of the final verification that were wrong
 * @param failed whether an I/O error ended it
 * @param firstFailure its first I/O error
 */
public record LaneOutcome(
        String job,
        LanePlace place,
        long startNs,
        long endNs,
        List<DirectionOutcome> directions,
        Optional<OpenLoopOutcome> openLoop,
        Optional<SyncOutcome> syncs,
        Optional<TargetOutcome> target,
        long otherErrors,
        boolean failed,
        Optional<IoFailure> firstFailure) {
    /** Length of its window. */
    public long measuredNs() {
        return endNs - startNs;
    }
}
