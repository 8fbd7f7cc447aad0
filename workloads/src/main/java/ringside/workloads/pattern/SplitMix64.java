package ringside.workloads.pattern;

/**
 * The SplitMix64 generator (Steele, Lea, Flood, OOPSLA 2014) as a mutable object, so that a step costs no allocation
 * and no lock. Confined to one thread.
 */
public final class SplitMix64 {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix64(long seed) {
        this.state = seed;
    }

    /** Goes on as if it had been made with this seed. */
    public void reset(long seed) {
        state = seed;
    }

    /** The next 64 bits. */
    public long next() {
        state += GAMMA;
        return mix(state);
    }

    /**
     * The next value in 0 .. bound - 1, by multiplication instead of division. The bias is at most bound / 2^64.
     *
     * @param bound 1 or more
     */
    public long nextBelow(long bound) {
        return Math.unsignedMultiplyHigh(next(), bound);
    }

    /** The next number in 0 (inclusive) .. 1 (exclusive), of 53 random bits. */
    public double nextDouble() {
        return (next() >>> 11) * 0x1p-53;
    }

    /** The finaliser: a bijection of 64 bits in which every input bit affects every output bit. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** An independent seed for the n-th user of a seed. */
    public static long derive(long seed, long n) {
        return mix(mix(seed) + (n + 1) * GAMMA);
    }
}
