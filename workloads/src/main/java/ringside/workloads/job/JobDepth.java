package ringside.workloads.job;

/**
 * How many requests each clone keeps in flight.
 *
 * @param iodepth 1 or more
 * @param low once the depth is full, no request is made until so few are in flight (fio: iodepth_low); equal to the depth
 *     to fill up always
 * @param batch most requests that are handed over together (fio: iodepth_batch); 0: as many as there is room for
 * @param completeMin completions that are waited for before requests are made again (fio: iodepth_batch_complete_min)
 * @param search the search for a depth up to iodepth that keeps to a latency
 */
public record JobDepth(int iodepth, int low, int batch, int completeMin, DepthSearch search) {
    /** fio's default: one request at a time. */
    public static final JobDepth DEFAULT = new JobDepth(1);

    public JobDepth {
        if (iodepth < 1) {
            throw new IllegalArgumentException("iodepth=" + iodepth + " is out of range: it must be 1 or more");
        }
        if (low < 1 || low > iodepth) {
            throw new IllegalArgumentException(
                    "iodepth_low=" + low + " is out of range: it must be 1 to iodepth, which is " + iodepth);
        }
        if (batch < 0) {
            throw new IllegalArgumentException("iodepth_batch=" + batch + " is out of range: it must be 1 or more");
        }
        if (completeMin < 1 || completeMin > iodepth) {
            throw new IllegalArgumentException("iodepth_batch_complete_min=" + completeMin
                    + " is out of range: it must be 1 to iodepth, which is " + iodepth);
        }
    }

    /** So many at any time. */
    public JobDepth(int iodepth) {
        this(iodepth, iodepth, 0);
    }

    /** Without a search. */
    public JobDepth(int iodepth, int low, int batch) {
        this(iodepth, low, batch, 1, DepthSearch.NONE);
    }

    /** This with another number of requests in flight, filled up always. */
    public JobDepth withIodepth(int value) {
        return new JobDepth(value, value, batch, Math.min(completeMin, value), search);
    }

    /** Whether every completion is answered by a new request at once. */
    public boolean isPlain() {
        return low == iodepth && batch == 0 && completeMin == 1 && !search.isUsed();
    }
}
