package ringside.harness.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How often to repeat at each level of an experiment, after T. Kalibera and R. Jones, "Rigorous Benchmarking in Reasonable
 * Time" (ISMM 2013). Levels from low to high, for example iteration, run (process), session (build or boot).
 *
 * @param variances what each level itself adds to the variance, T squared; 0 where it adds nothing that can be shown
 * @param repetitions best number of repetitions of each level but the highest within one of the next; at least 1
 * @param mean grand mean
 */
record KaliberaJones(double[] variances, int[] repetitions, double mean) {
    private static final double UPPER_QUANTILE = 0.975;

    /** Nobody repeats more often than this at one level. */
    static final int MOST = 100_000;

    /**
     * Two levels: iterations in runs.
     *
     * @param runs values of the iterations of each run; at least two runs of at least two iterations
     * @param iterationCost time of an iteration
     * @param runCost time that a run takes beside its iterations
     */
    static KaliberaJones ofRuns(double[][] runs, double iterationCost, double runCost) {
        double within = meanVariance(runs);
        double[] means = means(runs);
        double between = Math.max(0, variance(means) - within * meanInverse(lengths(runs)));
        return new KaliberaJones(
                new double[] {within, between},
                new int[] {repetitions(runCost / iterationCost, within, between)},
                Arrays.stream(means).average().orElseThrow());
    }

    /** Three levels: iterations in runs in sessions; at least two sessions. */
    static KaliberaJones ofSessions(double[][][] sessions, double iterationCost, double runCost, double sessionCost) {
        double[][] runMeans = Arrays.stream(sessions).map(KaliberaJones::means).toArray(double[][]::new);
        double[][] allRuns = Arrays.stream(sessions).flatMap(Arrays::stream).toArray(double[][]::new);
        double iterations = meanVariance(allRuns);
        double ofRuns = meanVariance(runMeans);
        double runs = Math.max(0, ofRuns - iterations * meanInverse(lengths(allRuns)));
        double[] sessionMeans = means(runMeans);
        double own = Math.max(0, variance(sessionMeans) - ofRuns * meanInverse(lengths(runMeans)));
        return new KaliberaJones(
                new double[] {iterations, runs, own},
                new int[] {
                    repetitions(runCost / iterationCost, iterations, runs),
                    repetitions(sessionCost / runCost, runs, own)
                },
                Arrays.stream(sessionMeans).average().orElseThrow());
    }

    /** r = sqrt(c(i+1) / c(i) x T(i)^2 / T(i+1)^2): where the next level adds nothing, as many as one likes. */
    private static int repetitions(double costRatio, double variance, double nextVariance) {
        if (variance <= 0) {
            return 1;
        }
        double best = Math.sqrt(costRatio * variance / nextVariance);
        return (int) Math.clamp(Math.ceil(best), 1, MOST);
    }

    /** The same plan with other repetitions below the highest level. */
    KaliberaJones with(int... other) {
        return new KaliberaJones(variances, other, mean);
    }

    /** Variance of the mean of one repetition of the highest level. */
    double variance() {
        double sum = 0;
        double times = 1;
        for (int level = variances.length - 1; level >= 0; level--) {
            times *= level < repetitions.length ? repetitions[level] : 1;
            sum += variances[level] / times;
        }
        return sum;
    }

    /** Half-width of the 95 % interval of the mean after so many repetitions of the highest level, as a share of the mean. */
    double halfWidth(int highest) {
        return new TDistribution(highest - 1).inverseCumulativeProbability(UPPER_QUANTILE)
                * Math.sqrt(variance() / highest)
                / mean;
    }

    /** Fewest repetitions of the highest level, at least 2, that reach a relative half-width; {@link #MOST} at most. */
    int highest(double wanted) {
        int low = 2;
        int high = MOST;
        while (low < high) {
            int middle = (low + high) / 2;
            if (halfWidth(middle) <= wanted) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static double meanVariance(double[][] groups) {
        return Arrays.stream(groups)
                .mapToDouble(KaliberaJones::variance)
                .average()
                .orElseThrow();
    }

    private static double variance(double[] values) {
        double sd = Summary.of(values).sd();
        return sd * sd;
    }

    private static double[] means(double[][] groups) {
        return Arrays.stream(groups)
                .mapToDouble(values -> Arrays.stream(values).average().orElseThrow())
                .toArray();
    }

    private static double[] lengths(double[][] groups) {
        return Arrays.stream(groups).mapToDouble(values -> values.length).toArray();
    }

    private static double meanInverse(double[] lengths) {
        return Arrays.stream(lengths).map(length -> 1 / length).average().orElseThrow();
    }
}
