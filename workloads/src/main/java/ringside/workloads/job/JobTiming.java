package ringside.workloads.job;

/**
 * How long a job runs.
 *
 * @param runtimeNs upper bound of the measured time in nanoseconds; 0: none
 * @param timeBased go on until the runtime is over even when the size is done (fio: time_based)
 * @param rampTimeNs load before the measured time, recorded apart and discarded (fio: ramp_time)
 * @param start when it begins
 * @param loops how often its size is done (fio: loops)
 * @param maxLatencyNs a request that takes longer is an error (fio: max_latency); 0: none
 * @param steady when the run ends before its time
 */
public record JobTiming(
        long runtimeNs,
        boolean timeBased,
        long rampTimeNs,
        JobStart start,
        int loops,
        long maxLatencyNs,
        SteadyRule steady) {
    public JobTiming {
        if (runtimeNs < 0 || rampTimeNs < 0 || maxLatencyNs < 0) {
            throw new IllegalArgumentException("runtime, ramp_time and max_latency must not be negative");
        }
        if (timeBased && runtimeNs == 0) {
            throw new IllegalArgumentException("time_based needs a runtime: add runtime=SECONDS");
        }
        if (loops < 1) {
            throw new IllegalArgumentException("loops must be 1 or more, it is " + loops);
        }
    }

    /** Begun at once, done once. */
    public JobTiming(long runtimeNs, boolean timeBased, long rampTimeNs) {
        this(runtimeNs, timeBased, rampTimeNs, JobStart.DEFAULT, 1, 0, SteadyRule.NONE);
    }

    /** This with another runtime, time-based. */
    JobTiming withRuntime(long valueNs) {
        return new JobTiming(valueNs, true, rampTimeNs, start, loops, maxLatencyNs, steady);
    }

    /** This with another ramp. */
    JobTiming withRampTime(long valueNs) {
        return new JobTiming(runtimeNs, timeBased, valueNs, start, loops, maxLatencyNs, steady);
    }

    /** Longest time from the begin of its stage to its end; 0 when its size decides. */
    public long longestNs() {
        return runtimeNs == 0 ? 0 : start.maxDelayNs() + runtimeNs;
    }
}
