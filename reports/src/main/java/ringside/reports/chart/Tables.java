package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** Parts of tables and legends that charts share. */
final class Tables {
    private Tables() {}

    /** Names of the axes that vary, the first columns of every table. */
    static List<String> axisNames(ReportModel model) {
        return model.axes().stream().filter(Axis::varies).map(Axis::name).toList();
    }

    /** A cell's values in these columns. */
    static List<Object> axisValues(ReportModel model, Cell cell) {
        return new ArrayList<>(axisNames(model).stream()
                .map(name -> cell.axes().getOrDefault(name, ""))
                .toList());
    }

    /** A metric by cell: median, interval and the runs. */
    static DataTable estimates(ReportModel model, String metric, String caption) {
        List<String> head = new ArrayList<>(axisNames(model));
        head.addAll(List.of("median", "low", "high", "low and high are", "valid runs", "planned runs", "runs"));
        List<List<Object>> rows = new ArrayList<>();
        for (Cell cell : model.cells()) {
            List<Object> row = axisValues(model, cell);
            Optional<Estimate> estimate = cell.estimate(metric);
            row.add(estimate.<Object>map(Estimate::median).orElse("missing"));
            row.add(estimate.<Object>map(e -> e.interval().low()).orElse(""));
            row.add(estimate.<Object>map(e -> e.interval().high()).orElse(""));
            row.add(estimate.map(Estimate::intervalName).orElse(""));
            row.add(estimate.map(e -> e.runs().size()).orElse(0));
            row.add(cell.planned());
            row.add(estimate.map(e -> e.runs().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                    .orElse(""));
            rows.add(row);
        }
        return new DataTable(metric.toLowerCase(Locale.ROOT).replace('_', '-'), caption, head, rows);
    }

    /** One entry per series. */
    static List<LegendEntry> legend(ReportModel model) {
        List<LegendEntry> entries = new ArrayList<>();
        for (String value : model.series()) {
            if (!value.isEmpty()) {
                entries.add(LegendEntry.of(value, entries.size()));
            }
        }
        return entries;
    }

    /** A cell in words: the values of the axes that vary. */
    static String name(ReportModel model, Cell cell) {
        Map<String, String> values = new LinkedHashMap<>();
        axisNames(model).forEach(axis -> values.put(axis, cell.axes().getOrDefault(axis, "")));
        return values.isEmpty() ? "the only configuration" : Point.labelOf(values);
    }
}
