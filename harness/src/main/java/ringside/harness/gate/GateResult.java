package ringside.harness.gate;

import java.util.List;

/**
 * The gate's answer.
 *
 * @param verdict the most important of the decisions; where too few runs pass, they are none
 * @param alpha chance of any change found by chance
 * @param decisions one per rule, metric and cell; none where the results cannot be compared
 * @param refused differences that are not allowed
 * @param allowed differences that are
 */
public record GateResult(
        GateVerdict verdict,
        double alpha,
        List<Decision> decisions,
        List<Difference> refused,
        List<Difference> allowed) {
    /** How many decisions have a verdict. */
    public long count(GateVerdict which) {
        return decisions.stream()
                .filter(decision -> decision.verdict() == which)
                .count();
    }
}
