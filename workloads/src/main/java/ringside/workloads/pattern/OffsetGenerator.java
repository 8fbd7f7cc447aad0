package ringside.workloads.pattern;

/** Yields the offset of the next request of one direction. Confined to one thread; does not allocate. */
public sealed interface OffsetGenerator
        permits SequentialOffsets,
                UniformOffsets,
                PermutedOffsets,
                ZipfOffsets,
                ParetoOffsets,
                NormalOffsets,
                ZonedOffsets {
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

    /**
     * The block of rank k, k = 1, 2, ..., with a probability of about 1 / k^theta (fio: zipf). As in fio, a
     * multiplicative hash spreads the ranks over the region.
     *
     * @param theta above 0 and not 1
     * @param center 0..1: share of the region by which all blocks are shifted; below 0: the seed decides
     */
    static OffsetGenerator zipf(
            long offsetBytes, long sizeBytes, int blockBytes, double theta, double center, long seed) {
        return new ZipfOffsets(
                BlockSpread.of(offsetBytes, blocks(sizeBytes, blockBytes), blockBytes, center, seed), theta, seed);
    }

    /**
     * Self-similar: a share {@code power} of the ranks gets the share 1 - power of the requests, and so on within (fio:
     * pareto).
     *
     * @param power between 0 and 1, exclusive
     */
    static OffsetGenerator pareto(
            long offsetBytes, long sizeBytes, int blockBytes, double power, double center, long seed) {
        return new ParetoOffsets(
                BlockSpread.of(offsetBytes, blocks(sizeBytes, blockBytes), blockBytes, center, seed), power, seed);
    }

    /**
     * About normal around the middle of the ranks: the mean of twelve uniform numbers, and a uniform deviation on top
     * (fio: normal).
     *
     * @param deviationPercent width of the deviation in per cent of the region, 0..100
     * @param center 0..1: where the middle is shifted to; below 0: not shifted
     */
    static OffsetGenerator normal(
            long offsetBytes, long sizeBytes, int blockBytes, double deviationPercent, double center, long seed) {
        double shift = center < 0 ? 0 : center - 0.5;
        return new NormalOffsets(
                BlockSpread.shifted(offsetBytes, blocks(sizeBytes, blockBytes), blockBytes, shift),
                deviationPercent,
                seed);
    }

    /**
     * Zones one after another from the begin of the region, uniform within each (fio: zoned).
     *
     * @param accessPercent share of the requests per zone; adds to 100
     * @param endBytes end of each zone from the begin of the region, ascending
     * @throws IllegalArgumentException when the last zone ends behind the region
     */
    static OffsetGenerator zoned(
            long offsetBytes, long sizeBytes, int blockBytes, int[] accessPercent, long[] endBytes, long seed) {
        return new ZonedOffsets(
                offsetBytes, blocks(sizeBytes, blockBytes), blockBytes, accessPercent.clone(), endBytes, seed);
    }

    private static long blocks(long sizeBytes, int blockBytes) {
        if (sizeBytes < blockBytes) {
            throw new IllegalArgumentException(
                    "a region of " + sizeBytes + " bytes holds no block of " + blockBytes + " bytes");
        }
        return sizeBytes / blockBytes;
    }
}
