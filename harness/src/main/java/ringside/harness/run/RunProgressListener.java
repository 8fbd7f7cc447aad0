package ringside.harness.run;

/** Hears from a worker about ten times a second, on the thread that waits for it. */
@FunctionalInterface
interface RunProgressListener {
    /**
     * @param phase RAMP, MEASURE or DRAIN
     * @param elapsedNs time in this phase
     * @param plannedNs length of this phase, 0 when unknown
     * @param ios requests so far in this phase
     */
    void progress(String phase, long elapsedNs, long plannedNs, long ios);

    /**
     * What goes on beside the load, some five times a second where the run is observed.
     *
     * @param text a few words for people
     */
    default void observed(String text) {}
}
