package ringside.workloads.runner;

/**
 * What a load thread cost in MEASURE.
 *
 * @param name {@code vcpu0} and so on
 * @param threadId id of the Java thread
 * @param measuredNs time between its own first and last look at the phase
 * @param cpuNs CPU time in that window
 * @param allocatedBytes heap it allocated in that window; the generator itself allocates nothing
 */
public record ThreadOutcome(String name, long threadId, long measuredNs, long cpuNs, long allocatedBytes) {}
