package ringside.harness.trend;

import java.util.List;

/**
 * One cell over a history.
 *
 * @param cell id of the cell
 * @param points points of the history that have a value of it
 * @param at those points, as places in {@link Trend#history}, oldest first
 * @param values their values
 * @param levels geometric mean of the values of each level: one more than there are changes, none without a value
 * @param scatter coefficient of variation of the points around their level, 0 for fewer than two
 * @param unsteady points whose runs of this cell mix levels
 * @param changes changes of its level, oldest first
 */
public record CellTrend(
        String cell,
        int points,
        List<Integer> at,
        List<Double> values,
        List<Double> levels,
        double scatter,
        int unsteady,
        List<TrendChange> changes) {
    public CellTrend {
        at = List.copyOf(at);
        values = List.copyOf(values);
        levels = List.copyOf(levels);
        changes = List.copyOf(changes);
    }
}
