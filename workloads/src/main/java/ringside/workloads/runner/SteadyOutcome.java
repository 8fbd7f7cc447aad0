package ringside.workloads.runner;

/**
 * Whether a run became steady by the rule of its job.
 *
 * @param attained whether it did, and so ended
 * @param atNs when, from the begin of MEASURE; the end of the run where it did not
 * @param value what was last compared with the limit: relative to the mean for a limit in per cent; NaN before the first
 *     window was full
 */
public record SteadyOutcome(boolean attained, long atNs, double value) {}
