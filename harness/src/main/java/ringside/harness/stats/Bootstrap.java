package ringside.harness.stats;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Percentile bootstrap with a seeded generator: the same data give the same interval on every host. */
public final class Bootstrap {
    /** Number of resamples. */
    public static final int RESAMPLES = 10_000;

    private static final double ALPHA = 0.05;

    private Bootstrap() {}

    /**
     * 95 % interval of the median. For one value it has no width and says nothing; for fewer than about six it is too
     * narrow, so a verdict never rests on it alone (see {@link Comparison}).
     */
    public static Interval ofMedian(double[] values, long seed) {
        RandomGenerator random = generator(seed);
        double[] estimates = new double[RESAMPLES];
        double[] sample = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            resample(values, sample, random);
            estimates[i] = Summary.median(sample);
        }
        return percentileInterval(estimates);
    }

    /**
     * 95 % interval of the mean of the strata's means, where each stratum is resampled by itself: the strata are the
     * cells of a suite, which are chosen and not drawn, so they are all in every resample.
     */
    static Interval ofStratifiedMean(double[][] strata, long seed) {
        RandomGenerator random = generator(seed);
        double[] estimates = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (double[] stratum : strata) {
                sum += resampledMean(stratum, random);
            }
            estimates[i] = sum / strata.length;
        }
        return percentileInterval(estimates);
    }

    private static double resampledMean(double[] values, RandomGenerator random) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[random.nextInt(values.length)];
        }
        return sum / values.length;
    }

    private static void resample(double[] values, double[] into, RandomGenerator random) {
        for (int i = 0; i < into.length; i++) {
            into[i] = values[random.nextInt(values.length)];
        }
    }

    static Interval percentileInterval(double[] estimates) {
        Arrays.sort(estimates);
        int last = estimates.length - 1;
        return new Interval(
                estimates[(int) Math.floor(last * ALPHA / 2)], estimates[(int) Math.ceil(last * (1 - ALPHA / 2))]);
    }

    static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
