package ringside.workloads.pattern;

/**
 * See {@link OffsetGenerator#zipf}. The method is that of Gray and others, "Quickly generating billion-record synthetic
 * databases" (SIGMOD 1994): exact for the first two ranks, an approximation by inversion for the others, one power per
 * value. Its normalising sum over all blocks is exact up to {@link #EXACT_TERMS} terms; the rest is Euler and Maclaurin's,
 * with an error far below that of the inversion.
 */
final class ZipfOffsets implements OffsetGenerator {
    private static final int EXACT_TERMS = 10_000;

    private final BlockSpread spread;
    private final long seed;
    private final double zetaN;
    private final double second;
    private final double alpha;
    private final double eta;
    private SplitMix64 random;

    ZipfOffsets(BlockSpread spread, double theta, long seed) {
        this.spread = spread;
        this.seed = seed;
        long n = spread.blocks();
        this.zetaN = zeta(n, theta);
        this.second = 1 + Math.pow(0.5, theta);
        this.alpha = 1 / (1 - theta);
        this.eta = n <= 2 ? 0 : (1 - Math.pow(2.0 / n, 1 - theta)) / (1 - second / zetaN);
        restart();
    }

    @Override
    public long next() {
        double uniform = random.nextDouble();
        double scaled = uniform * zetaN;
        long rank;
        if (scaled < 1) {
            rank = 0;
        } else if (scaled < second) {
            rank = 1;
        } else {
            rank = (long) (spread.blocks() * Math.pow(eta * uniform - eta + 1, alpha));
        }
        return spread.place(rank);
    }

    @Override
    public void restart() {
        random = new SplitMix64(seed);
    }

    /** The sum of 1 / k^theta for k = 1 .. n. */
    static double zeta(long n, double theta) {
        long exact = Math.min(n, EXACT_TERMS);
        double sum = 0;
        for (long k = exact; k >= 1; k--) {
            sum += Math.pow(k, -theta);
        }
        if (n == exact) {
            return sum;
        }
        double integral = (Math.pow(n, 1 - theta) - Math.pow(exact, 1 - theta)) / (1 - theta);
        double ends = (Math.pow(n, -theta) - Math.pow(exact, -theta)) / 2;
        double slope = theta * (Math.pow(exact, -theta - 1) - Math.pow(n, -theta - 1)) / 12;
        return sum + integral + ends + slope;
    }
}
