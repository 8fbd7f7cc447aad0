package ringside.workloads.runner;

/**
 * How a run behaves beside its jobs.
 *
 * @param continueOnError go on after an I/O error instead of ending the lane (fio: continue_on_error)
 * @param flushAtEnd end every lane that wrote with a flush (fio: end_fsync)
 * @param intervalNs length of an interval of the series
 * @param drainTimeoutNs requests that take longer to come back after the end are given up with an error
 */
public record RunOptions(boolean continueOnError, boolean flushAtEnd, long intervalNs, long drainTimeoutNs) {
    /** Stop at the first error, flush at the end, 100 ms intervals, 30 s for the last requests. */
    public static final RunOptions DEFAULT = new RunOptions(false, true, 100_000_000L, 30_000_000_000L);

    public RunOptions {
        if (intervalNs < 1_000_000) {
            throw new IllegalArgumentException("series interval must be at least 1 ms, it is " + intervalNs + " ns");
        }
    }
}
