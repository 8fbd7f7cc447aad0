package ringside.workloads.runner;

import java.util.List;
import java.util.Optional;

/**
 * All lanes of one job (fio: group_reporting).
 *
 * @param job name of the job
 * @param measuredNs from the first lane's begin to the last lane's end
 * @param directions sums by direction
 * @param syncs flushes among its writes, of a job that makes any
 * @param target the depth that was found, of a job that looks for one
 * @param otherErrors failed flushes, and reads of the final verification that were wrong
 * @param errno of its first I/O error; 0 when it had none
 */
public record JobTotals(
        String job,
        long measuredNs,
        List<DirectionOutcome> directions,
        Optional<SyncOutcome> syncs,
        Optional<TargetOutcome> target,
        long otherErrors,
        int errno) {}
