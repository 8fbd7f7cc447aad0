package ringside.harness.stats;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * What a sample says.
 *
 * @param n number of values
 * @param median middle value, the mean of the two middle ones for even n
 * @param mean arithmetic mean
 * @param sd standard deviation of the sample (divisor n - 1), 0 for one value
 * @param cv coefficient of variation, sd / mean, 0 where the mean is 0
 * @param min smallest value
 * @param max largest value
 */
public record Summary(int n, double median, double mean, double sd, double cv, double min, double max) {
    /**
     * Summarises a sample.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static Summary of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("an empty sample has no summary");
        }
        DescriptiveStatistics statistics = new DescriptiveStatistics(values);
        double mean = statistics.getMean();
        double sd = statistics.getStandardDeviation();
        return new Summary(
                values.length,
                median(values),
                mean,
                sd,
                mean == 0 ? 0 : sd / Math.abs(mean),
                statistics.getMin(),
                statistics.getMax());
    }

    /** The median; the argument stays as it is. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
