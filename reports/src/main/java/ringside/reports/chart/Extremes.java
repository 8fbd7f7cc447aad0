package ringside.reports.chart;

import java.util.Comparator;
import java.util.List;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.ReportModel;

/**
 * The cells with the smallest and largest median of a metric.
 *
 * @param lowest smallest
 * @param highest largest
 */
record Extremes(Cell lowest, Cell highest) {
    /** Of the cells that have the metric, at least one. */
    static Extremes of(ReportModel model, String metric) {
        List<Cell> sorted = model.cells().stream()
                .filter(cell -> cell.estimate(metric).isPresent())
                .sorted(Comparator.comparingDouble(
                        cell -> cell.estimate(metric).map(Estimate::median).orElse(0.0)))
                .toList();
        return new Extremes(sorted.getFirst(), sorted.getLast());
    }
}
