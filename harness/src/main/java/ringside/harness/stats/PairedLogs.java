package ringside.harness.stats;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Log ratios of pairs that were measured side by side, B against A: what the host did in those seconds hit both, so only
 * the scatter within pairs counts. Student's t on the log ratios; the interval is the wider one of t and a bootstrap, as
 * everywhere here.
 */
final class PairedLogs implements LogEffect {
    /** Nobody makes more pairs of a cell than this. */
    private static final int MOST_PAIRS = 10_000;

    private final double[] logs;
    private final Summary summary;

    /** @param a values of the one side, all positive, at least two; b its partners, in the same order */
    PairedLogs(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " values have no " + b.length + " partners");
        }
        logs = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            logs[i] = Math.log(b[i] / a[i]);
        }
        summary = Summary.of(logs);
    }

    @Override
    public double difference() {
        return summary.mean();
    }

    private double standardError() {
        return summary.sd() / Math.sqrt(logs.length);
    }

    @Override
    public double pValue() {
        double error = standardError();
        if (error == 0) {
            return difference() == 0 ? 1 : 0;
        }
        return 2 * new TDistribution(logs.length - 1.0).cumulativeProbability(-Math.abs(difference()) / error);
    }

    @Override
    public Interval ratioInterval() {
        // The seed is that of the data themselves: the same pairs give the same interval in any order of the cells.
        return PairedRatio.interval(new double[][] {logs}, logs.length);
    }

    @Override
    public boolean canShow(double logEffect, double level) {
        double error = standardError();
        return error == 0 || LogSamples.reach(logs.length - 1.0, level) * error <= logEffect;
    }

    @Override
    public int runsNeeded(double logEffect, double level) {
        return LogSamples.fewest(
                2, MOST_PAIRS, n -> LogSamples.reach(n - 1.0, level) * summary.sd() / Math.sqrt(n) <= logEffect);
    }
}
