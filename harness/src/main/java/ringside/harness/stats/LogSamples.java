package ringside.harness.stats;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Two independent samples of logarithms, B against A: runs of two folders were not made side by side, so they have no
 * partners. Welch's t test, which does not assume equal variances.
 */
final class LogSamples implements LogEffect {
    private static final double UPPER_QUANTILE = 0.975;
    private static final double POWER = 0.8;

    /** Nobody makes more runs of a cell than this. */
    private static final int MOST_RUNS = 10_000;

    private final Summary a;
    private final Summary b;

    /** @param a values of the one side, all positive, at least two; likewise b */
    LogSamples(double[] a, double[] b) {
        this.a = Summary.of(logs(a));
        this.b = Summary.of(logs(b));
    }

    private static double[] logs(double[] values) {
        return Arrays.stream(values).map(Math::log).toArray();
    }

    @Override
    public double difference() {
        return b.mean() - a.mean();
    }

    private double standardError() {
        return Math.sqrt(a.sd() * a.sd() / a.n() + b.sd() * b.sd() / b.n());
    }

    private double degrees() {
        double partA = a.sd() * a.sd() / a.n();
        double partB = b.sd() * b.sd() / b.n();
        double sum = partA + partB;
        return sum * sum / (partA * partA / (a.n() - 1) + partB * partB / (b.n() - 1));
    }

    @Override
    public double pValue() {
        double error = standardError();
        if (error == 0) {
            return difference() == 0 ? 1 : 0;
        }
        return 2 * new TDistribution(degrees()).cumulativeProbability(-Math.abs(difference()) / error);
    }

    @Override
    public Interval ratioInterval() {
        double error = standardError();
        double half =
                error == 0 ? 0 : new TDistribution(degrees()).inverseCumulativeProbability(UPPER_QUANTILE) * error;
        return new Interval(Math.exp(difference() - half), Math.exp(difference() + half));
    }

    @Override
    public boolean canShow(double logEffect, double level) {
        double error = standardError();
        return error == 0 || reach(degrees(), level) * error <= logEffect;
    }

    @Override
    public int runsNeeded(double logEffect, double level) {
        double variance = a.sd() * a.sd() + b.sd() * b.sd();
        return fewest(2, MOST_RUNS, n -> reach(2.0 * n - 2, level) * Math.sqrt(variance / n) <= logEffect);
    }

    /** The smallest number that is enough, where every larger one is, too; the most where none is. */
    static int fewest(int least, int most, IntPredicate enough) {
        int low = least;
        int high = most;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (enough.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Standard errors between no effect and one that is found with 80 %. */
    static double reach(double degrees, double level) {
        TDistribution t = new TDistribution(degrees);
        return t.inverseCumulativeProbability(1 - level / 2) + t.inverseCumulativeProbability(POWER);
    }
}
