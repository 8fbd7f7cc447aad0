package ringside.workloads.content;

/**
 * How random buffers are made.
 *
 * @param seed of the lane
 * @param renew new data for every write; else a buffer keeps what it was filled with
 * @param pattern the compressible part; a single zero byte when no pattern was given
 * @param compressPercent share of the compressible part, 0..100
 * @param chunkBytes random and compressible part begin again after so many bytes
 * @param dedupePercent share of writes that repeat an earlier one, 0..100
 * @param workingSet number of writes that are repeated; 0: the one before
 */
public record RandomRules(
        long seed,
        boolean renew,
        byte[] pattern,
        int compressPercent,
        int chunkBytes,
        int dedupePercent,
        long workingSet) {}
