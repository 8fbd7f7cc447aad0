package ringside.workloads.pattern;

/** See {@link OffsetGenerator#normal}. */
final class NormalOffsets implements OffsetGenerator {
    private static final int UNIFORMS = 12;

    private final BlockSpread spread;
    private final long seed;
    private final long deviation;
    private SplitMix64 random;

    NormalOffsets(BlockSpread spread, double deviationPercent, long seed) {
        this.spread = spread;
        this.seed = seed;
        long blocks = spread.blocks();
        this.deviation = Math.min((long) Math.ceil(blocks * deviationPercent / 100), blocks / 2);
        restart();
    }

    @Override
    public long next() {
        double sum = 0;
        for (int i = 0; i < UNIFORMS; i++) {
            sum += random.nextDouble();
        }
        long rank = (long) (sum / UNIFORMS * spread.blocks());
        if (deviation > 0) {
            rank = within(rank, (long) (random.nextDouble() * deviation) - deviation / 2);
        }
        return spread.place(rank);
    }

    /** A deviation that leaves the region is halved until it does not, as in fio. */
    private long within(long rank, long by) {
        long step = by;
        while (rank + step < 0 || rank + step >= spread.blocks()) {
            step /= 2;
        }
        return rank + step;
    }

    @Override
    public void restart() {
        random = new SplitMix64(seed);
    }
}
