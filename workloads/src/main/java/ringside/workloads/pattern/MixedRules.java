package ringside.workloads.pattern;

/**
 * What the directions of a {@link MixedRequests} have in common.
 *
 * @param offsetBytes first byte of the region
 * @param sizeBytes its length
 * @param seed seed of the choice between random and sequential
 * @param randomJob a sequential run that reaches the end goes on at random instead of at the begin
 * @param addBytes hole between sequential requests, negative: backwards
 * @param perRandom requests per random offset, 1 or more
 * @param identical the others repeat the offset instead of following it
 * @param zoneRangeBytes length of a zone; 0: no zones
 * @param zoneSizeBytes bytes to transfer per zone; 0: no zones
 * @param zoneSkipBytes gap between zones
 */
public record MixedRules(
        long offsetBytes,
        long sizeBytes,
        long seed,
        boolean randomJob,
        long addBytes,
        int perRandom,
        boolean identical,
        long zoneRangeBytes,
        long zoneSizeBytes,
        long zoneSkipBytes) {
    /** The bytes that offsets are taken from at a time: a zone, or the region. */
    long pieceBytes() {
        return zoneSizeBytes > 0 ? zoneRangeBytes : sizeBytes;
    }
}
