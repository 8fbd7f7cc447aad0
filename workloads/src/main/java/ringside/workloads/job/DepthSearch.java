package ringside.workloads.job;

/**
 * The search for the largest depth at which latency keeps to a target, of each clone for itself (fio: latency_target).
 *
 * @param targetNs what latency may be; 0: no search
 * @param windowNs how long each depth is tried
 * @param percentile how many per cent of the requests of a window must keep to it
 * @param goesOn whether the search goes on until the job ends; otherwise the job ends with a window at the depth found, and
 *     only that window counts
 */
public record DepthSearch(long targetNs, long windowNs, double percentile, boolean goesOn) {
    /** The depth is fixed. */
    public static final DepthSearch NONE = new DepthSearch(0, 0, 100, false);

    public DepthSearch {
        if (targetNs > 0 && windowNs == 0) {
            throw new IllegalArgumentException(
                    "latency_target needs a window for each depth: add latency_window=500ms");
        }
        if (targetNs == 0 && (windowNs > 0 || percentile < 100 || goesOn)) {
            throw new IllegalArgumentException(
                    "latency_window, latency_percentile and latency_run do nothing without latency_target: add it");
        }
    }

    /** Whether there is a target. */
    public boolean isUsed() {
        return targetNs > 0;
    }
}
