package ringside.harness.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/** How well a cell is known. */
public final class Precision {
    private static final double UPPER_QUANTILE = 0.975;

    private Precision() {}

    /**
     * Half the width of the 95 % interval of the geometric mean, relative to it: 0.02 for 2 %. Infinite for fewer than two
     * values.
     *
     * @param values all positive
     */
    public static double relativeHalfWidth(double[] values) {
        if (values.length < 2) {
            return Double.POSITIVE_INFINITY;
        }
        Summary logs = Summary.of(Arrays.stream(values).map(Math::log).toArray());
        double t = new TDistribution(values.length - 1.0).inverseCumulativeProbability(UPPER_QUANTILE);
        return Math.expm1(t * logs.sd() / Math.sqrt(values.length));
    }
}
