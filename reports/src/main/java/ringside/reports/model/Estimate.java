package ringside.reports.model;

import java.util.List;
import ringside.harness.stats.Bootstrap;
import ringside.harness.stats.Interval;
import ringside.harness.stats.Summary;

/**
 * A metric of one cell over its valid runs.
 *
 * @param median median of the runs
 * @param interval 95 % bootstrap interval of the median from six runs on; below, where such an interval would be too
 *     narrow to deserve its name, the range of the runs
 * @param runs the single values, in order of repetition; at least one
 */
public record Estimate(double median, Interval interval, List<Double> runs) {
    /** Fewer values cannot give a bootstrap interval of the median that covers 95 %. */
    static final int RUNS_FOR_INTERVAL = 6;

    private static final long SEED = 0x52494e47L; // fixed: a report made twice says the same

    /** Estimates from the values of the runs, at least one. */
    static Estimate of(List<Double> runs) {
        double[] values = runs.stream().mapToDouble(Double::doubleValue).toArray();
        Summary summary = Summary.of(values);
        Interval interval = values.length >= RUNS_FOR_INTERVAL
                ? Bootstrap.ofMedian(values, SEED)
                : new Interval(summary.min(), summary.max());
        return new Estimate(summary.median(), interval, List.copyOf(runs));
    }

    /** What low and high are. */
    public String intervalName() {
        return runs.size() >= RUNS_FOR_INTERVAL ? "95 % interval" : "range of runs";
    }

    /** Half the width of the interval as a share of the median; 1 where one run says nothing about precision. */
    public double relativeError() {
        if (runs.size() < 2) {
            return 1;
        }
        return median == 0 ? 0 : (interval.high() - interval.low()) / 2 / Math.abs(median);
    }
}
