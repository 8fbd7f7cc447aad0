package ringside.reports.model;

import java.util.List;
import ringside.harness.stats.Bootstrap;
import ringside.harness.stats.Interval;
import ringside.harness.stats.Summary;

/**
 * A metric of one cell over its valid runs.
 *
 * @param median median of the runs
 * @param interval 95 % bootstrap interval of the median; without width for one run
 * @param runs the single values, in order of repetition; at least one
 */
public record Estimate(double median, Interval interval, List<Double> runs) {
    private static final long SEED = 0x52494e47L; // fixed: a report made twice says the same

    /** Estimates from the values of the runs, at least one. */
    static Estimate of(List<Double> runs) {
        double[] values = runs.stream().mapToDouble(Double::doubleValue).toArray();
        double median = Summary.of(values).median();
        Interval interval = values.length > 1 ? Bootstrap.ofMedian(values, SEED) : new Interval(median, median);
        return new Estimate(median, interval, List.copyOf(runs));
    }

    /** Half the width of the interval as a share of the median; 1 where one run says nothing about precision. */
    public double relativeError() {
        if (runs.size() < 2) {
            return 1;
        }
        return median == 0 ? 0 : (interval.high() - interval.low()) / 2 / Math.abs(median);
    }
}
