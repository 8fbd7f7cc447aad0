package ringside.workloads.runner;

/**
 * Where a run is. Totals begin at 0 with MEASURE.
 *
 * @param phase the current phase
 * @param elapsedNs time in this phase
 * @param plannedNs length of this phase; 0 when the size of the jobs decides
 * @param ios completed requests
 * @param bytes bytes moved
 */
public record RunProgress(Phase phase, long elapsedNs, long plannedNs, long ios, long bytes) {}
