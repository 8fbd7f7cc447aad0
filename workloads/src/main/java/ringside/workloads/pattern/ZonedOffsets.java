package ringside.workloads.pattern;

/** See {@link OffsetGenerator#zoned}. A table of 100 entries finds the zone of a per cent at once. */
final class ZonedOffsets implements OffsetGenerator {
    private static final int PERCENT = 100;

    private final long offsetBytes;
    private final int blockBytes;
    private final long seed;
    private final long[] first = new long[PERCENT];
    private final long[] count = new long[PERCENT];
    private SplitMix64 random;

    ZonedOffsets(long offsetBytes, long blocks, int blockBytes, int[] accessPercent, long[] endBytes, long seed) {
        this.offsetBytes = offsetBytes;
        this.blockBytes = blockBytes;
        this.seed = seed;
        int entry = 0;
        long start = 0;
        for (int zone = 0; zone < accessPercent.length; zone++) {
            long end = endBytes[zone] / blockBytes;
            if (end > blocks) {
                throw new IllegalArgumentException("random_distribution: the zones end at " + endBytes[zone]
                        + " bytes, behind the region of " + blocks * blockBytes + " bytes: use smaller zones");
            }
            for (int i = 0; i < accessPercent[zone]; i++, entry++) {
                first[entry] = Math.min(start, blocks - 1);
                count[entry] = Math.max(1, end - start);
            }
            start = Math.max(start, end);
        }
        if (entry != PERCENT) {
            throw new IllegalArgumentException("the access shares of the zones add to " + entry + " %, not to 100");
        }
        restart();
    }

    @Override
    public long next() {
        int zone = (int) random.nextBelow(PERCENT);
        return offsetBytes + (first[zone] + random.nextBelow(count[zone])) * blockBytes;
    }

    @Override
    public void restart() {
        random = new SplitMix64(seed);
    }
}
