package ringside.harness.gate;

import ringside.harness.stats.Interval;

/**
 * What a rule says of a cell.
 *
 * @param rule name of the rule
 * @param cell id of the cell, or the point of a curve
 * @param metric name of the metric
 * @param unit of the metric
 * @param verdict what is said
 * @param before median of the baseline, NaN for none
 * @param now median of the results, NaN for none
 * @param ratio of the geometric means, NaN where there is none
 * @param interval 95 % interval of the ratio; (0, infinity) where there is none
 * @param pValue of no change, corrected for the number of tests of the gate; 1 where nothing was tested
 * @param detail why, in a few words; empty where the figures say it
 */
public record Decision(
        String rule,
        String cell,
        String metric,
        String unit,
        GateVerdict verdict,
        double before,
        double now,
        double ratio,
        Interval interval,
        double pValue,
        String detail) {
    private static final Interval ANYTHING = new Interval(0, Double.POSITIVE_INFINITY);

    /** A decision that rests on no test. */
    static Decision untested(
            Rule rule,
            String cell,
            String metric,
            String unit,
            GateVerdict verdict,
            double before,
            double now,
            String detail) {
        return new Decision(rule.name(), cell, metric, unit, verdict, before, now, now / before, ANYTHING, 1, detail);
    }
}
