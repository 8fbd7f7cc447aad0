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
    /** Beyond these rates the arithmetic of a bucket loses the single unit (QEMU: THROTTLE_VALUE_MAX). */
    private static final double MAX_RATE = 1e15;

    public ThrottleLimits {
        refuseTotalWithParts("bps", bpsTotal, bpsRead, bpsWrite);
        refuseTotalWithParts("iops", iopsTotal, iopsRead, iopsWrite);
        if (iopsSizeBytes < 0) {
            throw new IllegalArgumentException("throttle: iops-size must not be negative, it is " + iopsSizeBytes);
        }
        boolean countsRequests = iopsTotal.limits() || iopsRead.limits() || iopsWrite.limits();
        if (iopsSizeBytes > 0 && !countsRequests) {
            throw new IllegalArgumentException("throttle: iops-size needs a limit of requests: set iops-total");
        }
    }

    /** The limits as options, in the manner of -blockdev. */
    public String description() {
        StringBuilder text = new StringBuilder();
        bpsTotal.describe("bps-total", text);
        bpsRead.describe("bps-read", text);
        bpsWrite.describe("bps-write", text);
        iopsTotal.describe("iops-total", text);
        iopsRead.describe("iops-read", text);
        iopsWrite.describe("iops-write", text);
        return text.append("limits.iops-size=").append(iopsSizeBytes).toString();
    }

    private static void refuseTotalWithParts(String unit, Bucket total, Bucket read, Bucket write) {
        if (total.limits() && (read.limits() || write.limits())) {
            throw new IllegalArgumentException(
                    "throttle: %s-total goes with neither %s-read nor %s-write: leave one out"
                            .formatted(unit, unit, unit));
        }
    }

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

        public Bucket {
            if (!(average >= 0 && average <= MAX_RATE && max >= 0 && max <= MAX_RATE)) {
                throw new IllegalArgumentException("a rate must be from 0 to 1e15");
            }
            if (max > 0 && (average == 0 || max < average)) {
                throw new IllegalArgumentException("the -max of a burst needs a limit that is not above it");
            }
            if (maxLengthSeconds < 1) {
                throw new IllegalArgumentException("-max-length is in seconds, at least 1, it is " + maxLengthSeconds);
            }
            if (maxLengthSeconds > 1 && max == 0) {
                throw new IllegalArgumentException("-max-length needs the -max of a burst");
            }
        }

        private void describe(String name, StringBuilder text) {
            if (limits()) {
                text.append("limits.%s=%.0f,limits.%s-max=%.0f,limits.%s-max-length=%d,"
                        .formatted(name, average, name, max, name, maxLengthSeconds));
            }
        }

        /** Whether it limits anything. */
        public boolean limits() {
            return average > 0;
        }
    }
}
