package ringside.workloads.pattern;

/**
 * Where the rank of a skewed distribution lies: a multiplicative hash (64 bits, the golden ratio) keeps hot ranks from
 * being neighbours, then all blocks are shifted. fio does the same with the same multiplier, so that with a centre the
 * two use the same hot blocks.
 */
final class BlockSpread {
    private static final long GOLDEN_RATIO = 0x61C8864680B583EBL;

    private final long offsetBytes;
    private final long blocks;
    private final int blockBytes;
    private final long shiftBlocks;

    private BlockSpread(long offsetBytes, long blocks, int blockBytes, long shiftBlocks) {
        this.offsetBytes = offsetBytes;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        this.shiftBlocks = shiftBlocks;
    }

    static BlockSpread of(long offsetBytes, long blocks, int blockBytes, double center, long seed) {
        long shift = center < 0 ? SplitMix64.mix(seed) : (long) (blocks * center);
        return new BlockSpread(offsetBytes, blocks, blockBytes, shift);
    }

    static BlockSpread shifted(long offsetBytes, long blocks, int blockBytes, double shareOfBlocks) {
        return new BlockSpread(offsetBytes, blocks, blockBytes, (long) (blocks * shareOfBlocks));
    }

    long blocks() {
        return blocks;
    }

    /** First byte of the block of a rank, which counts from 0. */
    long place(long rank) {
        long block = Long.remainderUnsigned(rank * GOLDEN_RATIO + shiftBlocks, blocks);
        return offsetBytes + block * blockBytes;
    }
}
