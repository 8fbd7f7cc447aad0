package ringside.harness.gate.proof;

import java.util.Arrays;
import org.apache.commons.math3.distribution.BetaDistribution;

/** A few figures. */
final class Stats {
    private static final double CONFIDENCE = 0.95;

    private Stats() {}

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Standard deviation with divisor n - 1. */
    static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
    }

    /** One-sided 95 % upper bound of a share of which {@code hits} of {@code n} were seen (Clopper and Pearson). */
    static double upperBound(int hits, int n) {
        return hits == n ? 1 : new BetaDistribution(hits + 1.0, n - hits).inverseCumulativeProbability(CONFIDENCE);
    }
}
