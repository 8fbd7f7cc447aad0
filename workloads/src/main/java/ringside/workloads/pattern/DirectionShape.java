package ringside.workloads.pattern;

/**
 * How one direction of a {@link MixedRequests} moves. Two directions may share offsets and map, so that the two together
 * touch each block once.
 *
 * @param random offsets of its random requests, relative to the begin of the zone
 * @param map takes the place of {@code random} and keeps random requests from overlapping; null: they may
 * @param randomSizes sizes of random requests
 * @param sequentialSizes sizes of requests that follow the one before
 * @param randomPercent share of random requests, 0..100; 0 for a sequential job
 */
public record DirectionShape(
        OffsetGenerator random, CoverageMap map, SizeMix randomSizes, SizeMix sequentialSizes, int randomPercent) {
    long nextRandom() {
        return map == null ? random.next() : map.next();
    }

    /** Another order for another zone. */
    void nextZone() {
        if (map != null) {
            map.nextPass();
        } else if (random instanceof PermutedOffsets permuted) {
            permuted.nextPass();
        }
    }

    void restart() {
        random.restart();
        randomSizes.restart();
        sequentialSizes.restart();
        if (map != null) {
            map.restart();
        }
    }
}
