package ringside.workloads.pattern;

/** See {@link OffsetGenerator#pareto}. */
final class ParetoOffsets implements OffsetGenerator {
    private final BlockSpread spread;
    private final long seed;
    private final double exponent;
    private SplitMix64 random;

    ParetoOffsets(BlockSpread spread, double power, long seed) {
        this.spread = spread;
        this.seed = seed;
        this.exponent = Math.log(power) / Math.log(1 - power);
        restart();
    }

    @Override
    public long next() {
        return spread.place((long) ((spread.blocks() - 1) * Math.pow(random.nextDouble(), exponent)));
    }

    @Override
    public void restart() {
        random = new SplitMix64(seed);
    }
}
