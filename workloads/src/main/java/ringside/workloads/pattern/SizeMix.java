package ringside.workloads.pattern;

/**
 * Draws the sizes of the requests of one direction: one size, a range or sizes with shares. As in fio, a size that does
 * not fit before the end of the region is drawn again. Confined to one thread; drawing does not allocate.
 */
public final class SizeMix {
    private final int minBytes;
    private final int maxBytes;
    private final int unitBytes;
    private final int[] sizes;
    private final int[] shares;
    private final long seed;
    private SplitMix64 random;

    private SizeMix(int minBytes, int maxBytes, int unitBytes, int[] sizes, int[] shares, long seed) {
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
        this.unitBytes = unitBytes;
        this.sizes = sizes;
        this.shares = shares;
        this.seed = seed;
        restart();
    }

    /**
     * Any multiple of the unit between two sizes (fio: bsrange).
     *
     * @param minBytes smallest size
     * @param maxBytes largest size; equal to the smallest: always this size
     * @param unitBytes what sizes are rounded down to a multiple of
     */
    public static SizeMix range(int minBytes, int maxBytes, int unitBytes, long seed) {
        return new SizeMix(minBytes, maxBytes, unitBytes, new int[0], new int[0], seed);
    }

    /**
     * Sizes with shares (fio: bssplit).
     *
     * @param bytes the sizes, at least one
     * @param percent their shares; what is missing of 100 goes to the last one
     * @param unitBytes what sizes are rounded down to a multiple of
     */
    public static SizeMix split(int[] bytes, int[] percent, int unitBytes, long seed) {
        int min = Integer.MAX_VALUE;
        int max = 0;
        for (int size : bytes) {
            min = Math.min(min, size);
            max = Math.max(max, size);
        }
        return new SizeMix(min, max, unitBytes, bytes.clone(), percent.clone(), seed);
    }

    /** The smallest size. */
    public int minBytes() {
        return minBytes;
    }

    /** Whether there is only one size. */
    public boolean isFixed() {
        return minBytes == maxBytes;
    }

    /** The largest size. */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * The next size.
     *
     * @param roomBytes the most that fits, at least the smallest size
     */
    public int next(long roomBytes) {
        if (minBytes == maxBytes) {
            return minBytes;
        }
        while (true) {
            int size = sizes.length == 0 ? fromRange() : fromSplit(roomBytes);
            size -= size % unitBytes;
            if (size > maxBytes) {
                size = maxBytes;
            }
            if (size <= roomBytes) {
                return size;
            }
        }
    }

    private int fromRange() {
        return (int) Math.min(Integer.MAX_VALUE, minBytes + random.nextBelow(maxBytes));
    }

    private int fromSplit(long roomBytes) {
        int percent = (int) random.nextBelow(100);
        int sum = 0;
        int last = sizes.length - 1;
        for (int i = 0; i < last; i++) {
            sum += shares[i];
            if (percent < sum && sizes[i] <= roomBytes) {
                return sizes[i];
            }
        }
        return sizes[last];
    }

    /** Starts the same sequence again. */
    public void restart() {
        random = new SplitMix64(seed);
    }
}
