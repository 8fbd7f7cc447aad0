package ringside.harness.gate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import ringside.harness.results.Metric;

/** What must hold. */
sealed interface Rule {
    /** Named in outcomes. */
    String name();

    /** Which cells it is about. */
    CellSelector cells();

    /**
     * About the values of metrics, cell by cell.
     *
     * @param name named in outcomes
     * @param metrics names of metrics
     * @param cells which cells
     * @param against values of axes that lead to the cell of the same results to compare with; empty for the baseline
     * @param better which direction is better, empty for the metric's own
     * @param relative whether a change against the baseline counts
     * @param tolerance smaller changes are none
     * @param minEffect what must have been found before a cell passes
     * @param atMost the median's upper limit
     * @param atLeast the median's lower limit
     * @param expectation of the single changes
     */
    record OfMetrics(
            String name,
            List<String> metrics,
            CellSelector cells,
            Map<String, String> against,
            Optional<Metric.Better> better,
            boolean relative,
            double tolerance,
            double minEffect,
            Optional<Limit> atMost,
            Optional<Limit> atLeast,
            Optional<Expectation> expectation)
            implements Rule {}

    /**
     * About the Universal Scalability Law along an axis.
     *
     * @param name named in outcomes
     * @param metric the throughput
     * @param axis what is scaled
     * @param cells which cells
     * @param sigma limits of the contention
     * @param kappa limits of the coherency
     */
    record OfScaling(
            String name,
            String metric,
            String axis,
            CellSelector cells,
            Optional<CoefficientLimit> sigma,
            Optional<CoefficientLimit> kappa)
            implements Rule {}

    /**
     * What a coefficient may be.
     *
     * @param atMost never more than this, surely
     * @param mayRise against the baseline by no more than this, surely
     */
    record CoefficientLimit(OptionalDouble atMost, OptionalDouble mayRise) {}
}
