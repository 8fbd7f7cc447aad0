package ringside.emulator.trace;

/**
 * A log-linear histogram of non-negative 64-bit values with 64 buckets per power of two (fio's resolution: relative
 * error at most 1/2^7). Single writer; a reader on another thread sees a slightly stale but never torn view of each
 * bucket. Recording does not allocate.
 */
public final class LogHistogram {
    private static final int SUB_BITS = 6;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    private static final int BUCKETS = (64 - SUB_BITS) * SUB_BUCKETS;

    private final long[] counts = new long[BUCKETS];
    private long count;
    private long sum;
    private long max;

    /** Records one value; negative values (a clock that went backwards) count as 0. */
    public void record(long value) {
        long v = Math.max(0, value);
        counts[bucketOf(v)]++;
        count++;
        sum += v;
        max = Math.max(max, v);
    }

    /** Number of recorded values. */
    public long count() {
        return count;
    }

    /** Sum of the recorded values. */
    public long sum() {
        return sum;
    }

    /** Largest recorded value, 0 when empty. */
    public long max() {
        return max;
    }

    /** Number of buckets, for export. */
    public int bucketCount() {
        return BUCKETS;
    }

    /** Values recorded in a bucket. */
    public long bucketValueCount(int bucket) {
        return counts[bucket];
    }

    /** The middle of the range of values that fall into a bucket. */
    public long bucketMidpoint(int bucket) {
        int group = bucket >> SUB_BITS;
        int sub = bucket & (SUB_BUCKETS - 1);
        if (group == 0) {
            return sub;
        }
        int shift = group - 1;
        long low = (long) (SUB_BUCKETS + sub) << shift;
        return low + ((1L << shift) >> 1);
    }

    /** A copy that no longer changes; call under whatever excludes the writer for an exact view. */
    public LogHistogram snapshot() {
        LogHistogram copy = new LogHistogram();
        System.arraycopy(counts, 0, copy.counts, 0, BUCKETS);
        copy.count = count;
        copy.sum = sum;
        copy.max = max;
        return copy;
    }

    /** Adds all values of another histogram. */
    public void add(LogHistogram other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        sum += other.sum;
        max = Math.max(max, other.max);
    }

    /** Subtracts an earlier snapshot of the same histogram, leaving what was recorded since. The maximum stays. */
    public LogHistogram minus(LogHistogram earlier) {
        LogHistogram difference = snapshot();
        for (int i = 0; i < BUCKETS; i++) {
            difference.counts[i] -= earlier.counts[i];
        }
        difference.count -= earlier.count;
        difference.sum -= earlier.sum;
        return difference;
    }

    private static int bucketOf(long value) {
        if (value < SUB_BUCKETS) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return ((shift + 1) << SUB_BITS) + (int) ((value >>> shift) & (SUB_BUCKETS - 1));
    }
}
