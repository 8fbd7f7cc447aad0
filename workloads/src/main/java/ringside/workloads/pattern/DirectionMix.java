package ringside.workloads.pattern;

/** Decides per request of a mixed job whether it reads. Confined to one thread; does not allocate. */
public final class DirectionMix {
    private final int readPercent;
    private final long seed;
    private SplitMix64 random;

    /**
     * @param readPercent share of reads, 0..100; 0 and 100 are exact
     * @param seed seed of the decisions
     */
    public DirectionMix(int readPercent, long seed) {
        this.readPercent = readPercent;
        this.seed = seed;
        restart();
    }

    /** Whether the next request reads. */
    public boolean nextReads() {
        return random.nextBelow(100) < readPercent;
    }

    /** Starts the same decisions again. */
    public void restart() {
        random = new SplitMix64(seed);
    }
}
