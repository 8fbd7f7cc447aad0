package ringside.harness.stats;

import java.util.List;
import java.util.Map;

/**
 * Contender against baseline in one metric, at one point of the other axes or over all of them.
 *
 * <p>Runs are paired by repetition, because the plan runs all cells of a repetition close together: what the host did
 * in that minute hit both. The ratio is the geometric mean of the pairs' ratios; over several cells, of the cells'
 * ratios. The interval is the wider one of a paired bootstrap (10,000 resamples within cells) and Student's t on the
 * log ratios with Welch-Satterthwaite degrees of freedom: with the three to five repetitions of a quick suite the
 * bootstrap alone is far too narrow.
 *
 * @param metric name of the metric
 * @param at values of the other axes; empty for the comparison over all cells
 * @param pairs pairs of valid runs
 * @param ratio contender / baseline; 1 where there are no pairs
 * @param interval 95 % interval of the ratio; (0, infinity) where there are too few runs to say
 * @param verdict what may be claimed
 * @param pairRatios the single ratios, in order of cell and repetition
 */
public record Comparison(
        String metric,
        Map<String, String> at,
        int pairs,
        double ratio,
        Interval interval,
        Verdict verdict,
        List<Double> pairRatios) {
    /** Fewest pairs per cell from which anything is claimed. */
    public static final int MINIMUM_PAIRS = 3;
}
