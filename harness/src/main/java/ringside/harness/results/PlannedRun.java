package ringside.harness.results;

import java.util.Map;

/**
 * One run of a plan.
 *
 * @param order 0-based position in the plan
 * @param cell stable id of the cell, safe as a file name
 * @param repetition 0-based
 * @param seed seed of the load; equal for all cells of one repetition, so that pairs see the same offsets
 * @param axes what varies in the suite, by axis name
 */
public record PlannedRun(int order, String cell, int repetition, long seed, Map<String, String> axes) {
    /** Name of this run's files without suffix: {@code <order>-<cell>-r<rep>}. */
    public String fileStem() {
        return "%04d-%s-r%d".formatted(order, cell, repetition);
    }
}
