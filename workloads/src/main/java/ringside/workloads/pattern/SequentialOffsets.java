package ringside.workloads.pattern;

/** See {@link OffsetGenerator#sequential}. */
final class SequentialOffsets implements OffsetGenerator {
    private final long offsetBytes;
    private final long blocks;
    private final int blockBytes;
    private long block;

    SequentialOffsets(long offsetBytes, long blocks, int blockBytes) {
        this.offsetBytes = offsetBytes;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
    }

    @Override
    public long next() {
        long result = offsetBytes + block * blockBytes;
        block = block + 1 == blocks ? 0 : block + 1;
        return result;
    }

    @Override
    public void restart() {
        block = 0;
    }
}
