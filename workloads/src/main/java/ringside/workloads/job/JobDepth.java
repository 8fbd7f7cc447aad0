package ringside.workloads.job;

/**
 * How many requests each clone keeps in flight.
 *
 * @param iodepth 1 or more
 */
public record JobDepth(int iodepth) {
    /** fio's default: one request at a time. */
    public static final JobDepth DEFAULT = new JobDepth(1);

    public JobDepth {
        if (iodepth < 1) {
            throw new IllegalArgumentException("iodepth=" + iodepth + " is out of range: it must be 1 or more");
        }
    }

    /** This with another number of requests in flight. */
    public JobDepth withIodepth(int value) {
        return new JobDepth(value);
    }
}
