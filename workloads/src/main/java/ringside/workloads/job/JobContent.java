package ringside.workloads.job;

/**
 * What the buffers of writes hold.
 *
 * @param zero zeros instead of random data (fio: zero_buffers)
 * @param refill new random data for every write (fio: refill_buffers)
 * @param scramble each write differs a little from the one before from the same buffer (fio: scramble_buffers)
 * @param pattern bytes instead of random data, or of the compressible part
 * @param compressPercent how much of a buffer is zeros or the pattern, 0..100
 * @param compressChunkBytes after how many bytes random and compressible part begin again; 0: the block size
 * @param dedupePercent share of blocks that repeat an earlier one, 0..100
 * @param workingSetPercent blocks that are repeated, in per cent of the region; 0: the one before
 */
public record JobContent(
        boolean zero,
        boolean refill,
        boolean scramble,
        BytePattern pattern,
        int compressPercent,
        int compressChunkBytes,
        int dedupePercent,
        int workingSetPercent) {
    /** fio's default for a chunk. */
    static final int DEFAULT_CHUNK_BYTES = 512;

    /** fio's default: random data, scrambled. */
    public static final JobContent DEFAULT =
            new JobContent(false, false, true, BytePattern.NONE, 0, DEFAULT_CHUNK_BYTES, 0, 0);

    /** Whether writes carry stamps: random data that nothing else was asked of. */
    public boolean isStamped() {
        return scramble && !zero && !refill && pattern.isEmpty();
    }
}
