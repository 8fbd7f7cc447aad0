package ringside.workloads.runner;

/** What a run is doing. */
public enum Phase {
    /** Load is on, recorded apart and discarded. */
    RAMP,
    /** Load is on and counts. */
    MEASURE,
    /** No new requests; those in flight are awaited, then lanes that wrote flush. */
    DRAIN
}
