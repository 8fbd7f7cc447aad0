package ringside.emulator.block;

/**
 * Limits of a throttle group (QEMU: ThrottleLimits). A bucket that does not limit has an average of 0.
 *
 * @param bpsTotal bytes per second of all requests
 * @param bpsRead bytes per second of reads
 * @param bpsWrite bytes per second of writes
 * @param iopsTotal requests per second
 * @param iopsRead reads per second
 * @param iopsWrite writes per second
 * @param iopsSizeBytes a larger request counts as several of this size; 0: each counts as one
 */
public record ThrottleLimits(
        Bucket bpsTotal,
        Bucket bpsRead,
        Bucket bpsWrite,
        Bucket iopsTotal,
        Bucket iopsRead,
        Bucket iopsWrite,
        long iopsSizeBytes) {
    /**
     * One leaky bucket.
     *
     * @param average units per second in the long run; 0: no limit
     * @param max units per second in a burst; 0: no burst above the average
     * @param maxLengthSeconds how long a burst may last, at least 1
     */
    public record Bucket(double average, double max, int maxLengthSeconds) {
        /** No limit. */
        public static final Bucket UNLIMITED = new Bucket(0, 0, 1);
    }
}
