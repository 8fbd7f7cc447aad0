package ringside.workloads.pattern;

/** See {@link OffsetGenerator#uniform}. */
final class UniformOffsets implements OffsetGenerator {
    private final long offsetBytes;
    private final long blocks;
    private final int blockBytes;
    private final long seed;
    private SplitMix64 random;

    UniformOffsets(long offsetBytes, long blocks, int blockBytes, long seed) {
        this.offsetBytes = offsetBytes;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        this.seed = seed;
        this.random = new SplitMix64(seed);
    }

    @Override
    public long next() {
        return offsetBytes + random.nextBelow(blocks) * blockBytes;
    }

    @Override
    public void restart() {
        random = new SplitMix64(seed);
    }
}
