package ringside.workloads.latency;

/**
 * The buckets of fio's latency histograms: values below 128 ns are exact, above that each power of two has 64 buckets, so
 * that a bucket is at most 1.6 % wide; a bucket is named by its middle. Source: fio's stat.h, FIO_IO_U_PLAT_BITS 6 and 29
 * groups.
 */
public final class FioBuckets {
    private static final int BITS = 6;
    private static final int PER_GROUP = 1 << BITS;
    private static final int GROUPS = 29;
    /** How many there are. */
    public static final int COUNT = PER_GROUP * GROUPS;

    private static final int LAST = COUNT - 1;

    private FioBuckets() {}

    /** The bucket of a value in nanoseconds. */
    public static int index(long ns) {
        if (ns < 2L * PER_GROUP) {
            return (int) ns;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(ns) - BITS;
        int inGroup = (int) (ns >>> shift) - PER_GROUP;
        return Math.min(LAST, (shift + 1) * PER_GROUP + inGroup);
    }

    /** The value that stands for a bucket. */
    public static long value(int index) {
        if (index < 2 * PER_GROUP) {
            return index;
        }
        int shift = index / PER_GROUP - 1;
        long low = (long) (index % PER_GROUP + PER_GROUP) << shift;
        return low + (1L << (shift - 1));
    }
}
