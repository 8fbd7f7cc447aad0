package ringside.harness.stats;

import org.apache.commons.math3.distribution.TDistribution;

/** Mean and interval of log ratios in strata (cells), as {@link Comparison} describes. */
final class PairedRatio {
    private static final double UPPER_QUANTILE = 0.975;

    private PairedRatio() {}

    /** Mean of the strata's means, 0 for none. */
    static double mean(double[][] strata) {
        double sum = 0;
        for (double[] stratum : strata) {
            sum += Summary.of(stratum).mean();
        }
        return strata.length == 0 ? 0 : sum / strata.length;
    }

    /** 95 % interval of the ratio; every stratum has at least two values. */
    static Interval interval(double[][] strata, long seed) {
        Interval logs = Bootstrap.ofStratifiedMean(strata, seed).hull(student(strata));
        return new Interval(Math.exp(logs.low()), Math.exp(logs.high()));
    }

    private static Interval student(double[][] strata) {
        double variance = 0;
        double squares = 0;
        for (double[] stratum : strata) {
            double sd = Summary.of(stratum).sd();
            double part = sd * sd / stratum.length;
            variance += part;
            squares += part * part / (stratum.length - 1);
        }
        double centre = mean(strata);
        if (variance == 0) {
            return new Interval(centre, centre);
        }
        double degrees = variance * variance / squares;
        double half = new TDistribution(degrees).inverseCumulativeProbability(UPPER_QUANTILE)
                * Math.sqrt(variance)
                / strata.length;
        return new Interval(centre - half, centre + half);
    }
}
