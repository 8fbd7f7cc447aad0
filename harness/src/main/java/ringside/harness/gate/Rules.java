package ringside.harness.gate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a gate asks for.
 *
 * @param alpha chance of any change found by chance, over all rules, metrics and cells
 * @param underpoweredPasses whether too few runs are no reason to stop
 * @param rules at least one
 */
public record Rules(double alpha, boolean underpoweredPasses, List<Rule> rules) {
    /** Half of it are changes for the worse: two false alarms in a thousand gates. */
    static final double ALPHA = 0.004;

    /** A cut near the change that must be found would hide half of such changes. */
    static final double TOLERANCE = 0.01;

    /** What must have been found before a cell passes. */
    static final double MIN_EFFECT = 0.03;

    /** No rules file: the rate of every cell. */
    public static Rules standard(String metric) {
        return new Rules(
                ALPHA,
                false,
                List.of(new Rule.OfMetrics(
                        metric,
                        List.of(metric),
                        CellSelector.ALL,
                        Map.of(),
                        Optional.empty(),
                        true,
                        TOLERANCE,
                        MIN_EFFECT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    }

    /** Whether a rule asks what the values were. */
    public boolean needBaseline() {
        return rules.stream().anyMatch(rule -> switch (rule) {
            case Rule.OfMetrics of ->
                of.against().isEmpty() && (of.relative() || of.expectation().isPresent());
            case Rule.OfScaling of ->
                of.sigma().filter(limit -> limit.mayRise().isPresent()).isPresent()
                        || of.kappa()
                                .filter(limit -> limit.mayRise().isPresent())
                                .isPresent();
        });
    }
}
