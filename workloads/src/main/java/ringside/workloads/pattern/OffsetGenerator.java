package ringside.workloads.pattern;

/** Yields the offset of the next request of one direction. Confined to one thread; does not allocate. */
public sealed interface OffsetGenerator permits SequentialOffsets, UniformOffsets, PermutedOffsets {
    /** First byte of the next block. The whole block lies within the region. */
    long next();

    /** Starts the same sequence again. */
    void restart();

    /**
     * One block after another; behind the last whole block it begins again at the first.
     *
     * @param offsetBytes first byte of the region
     * @param sizeBytes length of the region, at least one block
     * @param blockBytes distance of the offsets
     */
    static OffsetGenerator sequential(long offsetBytes, long sizeBytes, int blockBytes) {
        return new SequentialOffsets(offsetBytes, blocks(sizeBytes, blockBytes), blockBytes);
    }

    /** Any block with equal probability; blocks may repeat at once (fio: norandommap). */
    static OffsetGenerator uniform(long offsetBytes, long sizeBytes, int blockBytes, long seed) {
        return new UniformOffsets(offsetBytes, blocks(sizeBytes, blockBytes), blockBytes, seed);
    }

    /** Random order in which each block comes once before any comes again (fio's default, its random map). */
    static OffsetGenerator permuted(long offsetBytes, long sizeBytes, int blockBytes, long seed) {
        return new PermutedOffsets(offsetBytes, blocks(sizeBytes, blockBytes), blockBytes, seed);
    }

    private static long blocks(long sizeBytes, int blockBytes) {
        if (sizeBytes < blockBytes) {
            throw new IllegalArgumentException(
                    "a region of " + sizeBytes + " bytes holds no block of " + blockBytes + " bytes");
        }
        return sizeBytes / blockBytes;
    }
}
