package ringside.harness.stats;

import java.util.random.RandomGenerator;

/** Seeded series of results of commits: a level of 100,000 times noise. */
enum Noise {
    WHITE,
    /** Log-normal with a standard deviation of the logarithm of 0.8. */
    LOG_NORMAL,
    /** Two levels 6 % apart, chosen at random. */
    BIMODAL,
    /** One of ten values 15 % lower. */
    DIPS,
    /** Student's t with three degrees of freedom. */
    HEAVY_TAILS;

    private static final double LEVEL = 100_000;
    private static final int SETTLE = 50;

    double[] series(int n, double cv, RandomGenerator random) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = LEVEL * Math.exp(cv * deviate(random));
        }
        return values;
    }

    /** @return in units of a nominal CV of 2 % for those that have a scale of their own */
    private double deviate(RandomGenerator random) {
        return switch (this) {
            case WHITE -> random.nextGaussian();
            case LOG_NORMAL -> 40 * random.nextGaussian();
            case BIMODAL -> (random.nextBoolean() ? 3 : 0) + 0.5 * random.nextGaussian();
            case DIPS -> (random.nextDouble() < 0.1 ? -7.5 : 0) + 0.75 * random.nextGaussian();
            case HEAVY_TAILS -> {
                double chi = 0;
                for (int i = 0; i < 3; i++) {
                    double z = random.nextGaussian();
                    chi += z * z;
                }
                yield random.nextGaussian() / Math.sqrt(chi / 3);
            }
        };
    }

    /** First-order autoregression whose standard deviation is the CV, whatever the memory. */
    static double[] remembering(int n, double cv, double memory, RandomGenerator random) {
        double[] values = new double[n];
        double state = random.nextGaussian();
        for (int i = -SETTLE; i < n; i++) {
            state = memory * state + Math.sqrt(1 - memory * memory) * random.nextGaussian();
            if (i >= 0) {
                values[i] = LEVEL * Math.exp(cv * state);
            }
        }
        return values;
    }

    /** The same series with all values from a place on multiplied. */
    static double[] step(double[] values, int at, double factor) {
        double[] stepped = values.clone();
        for (int i = at; i < values.length; i++) {
            stepped[i] *= factor;
        }
        return stepped;
    }
}
