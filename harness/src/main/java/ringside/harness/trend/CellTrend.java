package ringside.harness.trend;

import java.util.List;

/**
 * One cell over a history.
 *
 * @param cell id of the cell
 * @param points points of the history that have a value of it
 * @param values those values, oldest first
 * @param scatter coefficient of variation of the points around their level, 0 for fewer than two
 * @param unsteady points whose runs of this cell mix levels
 * @param changes changes of its level, oldest first
 */
public record CellTrend(
        String cell, int points, List<Double> values, double scatter, int unsteady, List<TrendChange> changes) {
    public CellTrend {
        values = List.copyOf(values);
        changes = List.copyOf(changes);
    }
}
