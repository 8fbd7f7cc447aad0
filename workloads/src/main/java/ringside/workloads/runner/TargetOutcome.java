package ringside.workloads.runner;

import java.util.List;

/**
 * What searches for a depth that keeps to a latency have found.
 *
 * @param depth largest of all clones
 * @param missed clones whose last window did not keep to it
 */
public record TargetOutcome(int depth, int missed) {
    static TargetOutcome sum(List<TargetOutcome> parts) {
        return new TargetOutcome(
                parts.stream().mapToInt(TargetOutcome::depth).max().orElse(0),
                parts.stream().mapToInt(TargetOutcome::missed).sum());
    }
}
