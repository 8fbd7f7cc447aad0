package ringside.workloads.job;

/**
 * How long a job runs.
 *
 * @param runtimeNs upper bound of the measured time in nanoseconds; 0: none
 * @param timeBased go on until the runtime is over even when the size is done (fio: time_based)
 * @param rampTimeNs load before the measured time, recorded apart and discarded (fio: ramp_time)
 */
public record JobTiming(long runtimeNs, boolean timeBased, long rampTimeNs) {
    public JobTiming {
        if (runtimeNs < 0 || rampTimeNs < 0) {
            throw new IllegalArgumentException("runtime and ramp_time must not be negative");
        }
        if (timeBased && runtimeNs == 0) {
            throw new IllegalArgumentException("time_based needs a runtime: add runtime=SECONDS");
        }
    }
}
