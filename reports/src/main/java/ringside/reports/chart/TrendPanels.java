package ringside.reports.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.trend.CellTrend;
import ringside.harness.trend.Trend;
import ringside.harness.trend.TrendChange;
import ringside.harness.trend.TrendPoint;
import ringside.reports.model.MetricText;
import ringside.reports.model.Numbers;
import ringside.reports.model.TrendModel;

/** A metric over a history, one panel per cell: the points, the levels, the changes. */
final class TrendPanels {
    private static final int NAMES = 4;
    private static final int MOST = 60;
    private static final int PANEL_PX = 270;
    private static final String POINTS = "points";
    private static final String LEVELS = "levels";
    private static final int LEVEL_SERIES = 6;
    private static final double LEAST_RANGE = 0.05;

    private final TrendModel model;
    private final Trend trend;

    TrendPanels(TrendModel model, Trend trend) {
        this.model = model;
        this.trend = trend;
    }

    ChartBlock draw() {
        String name = MetricText.name(trend.metric());
        List<CellTrend> drawn = trend.cells().stream()
                .filter(cell -> cell.points() > 0)
                .sorted(Comparator.comparingInt(TrendPanels::rank))
                .limit(MOST)
                .toList();
        List<Plot> plots = new ArrayList<>();
        drawn.forEach(cell -> plots.add(plot(cell, plots.size())));
        return new ChartBlock(
                "trend-" + trend.metric().replaceAll("[^A-Za-z0-9]", "-"),
                name + " over the history",
                "Each mark is one results folder: the geometric mean of its valid runs. Lines are levels; a step is a change"
                        + " that noise with a memory does not explain. Open marks of a change are suspected, filled ones"
                        + " confirmed. The vertical axis does not begin at zero.",
                seen(drawn.size()),
                legend(),
                plots,
                List.of(table()));
    }

    /** Confirmed changes first, then suspected ones. */
    private static int rank(CellTrend cell) {
        return cell.changes().stream()
                .mapToInt(change -> change.confirmed() ? 0 : 1)
                .min()
                .orElse(2);
    }

    private String seen(int drawn) {
        long changed =
                trend.cells().stream().filter(cell -> !cell.changes().isEmpty()).count();
        double scatter =
                trend.cells().stream().mapToDouble(CellTrend::scatter).max().orElse(0);
        return "%d of %d cells changed their level; around their levels the points scatter by up to %s.%s"
                .formatted(
                        changed,
                        trend.cells().size(),
                        Numbers.percent(scatter),
                        drawn < trend.cells().size() ? " Drawn are " + drawn + ", those that changed first." : "");
    }

    private List<LegendEntry> legend() {
        List<LegendEntry> entries = new ArrayList<>();
        entries.add(LegendEntry.of(POINTS, 0));
        entries.add(LegendEntry.of(LEVELS, LEVEL_SERIES));
        for (TrendChange.Kind kind : TrendChange.Kind.values()) {
            if (trend.changes().anyMatch(change -> change.kind() == kind)) {
                entries.add(LegendEntry.of(kind.label(), HistoryAxis.series(kind)));
            }
        }
        return entries;
    }

    private Plot plot(CellTrend cell, int index) {
        List<Map<String, Object>> traces = new ArrayList<>();
        traces.add(levels(cell));
        traces.add(points(cell));
        cell.changes().forEach(change -> traces.add(mark(cell, change)));
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", HistoryAxis.of(model.points(), NAMES));
        layout.put("yaxis", values(cell));
        layout.put("hovermode", "closest");
        return new Plot(
                "plot_trend_" + trend.metric().replaceAll("[^A-Za-z0-9]", "_") + "_" + index,
                cell.cell(),
                MetricText.name(trend.metric()) + " over the history, " + cell.cell(),
                PANEL_PX,
                traces,
                layout);
    }

    /** Wide enough that noise of a percent does not look like a drama. */
    private Map<String, Object> values(CellTrend cell) {
        double low = cell.values().stream().min(Comparator.naturalOrder()).orElseThrow();
        double high = cell.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        double middle = (low + high) / 2;
        double half = Math.max((high - low) * 0.6, middle * LEAST_RANGE) * scale();
        Map<String, Object> axis = ChartStyle.axis(MetricText.name(trend.metric()) + unit());
        axis.put("range", List.of(middle * scale() - half, middle * scale() + half));
        axis.put("zeroline", false);
        return axis;
    }

    /** Nanoseconds are drawn as microseconds. */
    private double scale() {
        return trend.unit().equals("ns") ? 1e-3 : 1;
    }

    private String unit() {
        return switch (trend.unit()) {
            case "ns" -> ", µs";
            case "1/s", "1" -> "";
            default -> ", " + trend.unit();
        };
    }

    private Map<String, Object> points(CellTrend cell) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cell.points(); i++) {
            TrendPoint point = model.points().get(cell.at().get(i));
            texts.add("%s: %s, %s"
                    .formatted(point.label(), MetricText.value(cell.values().get(i), trend.unit()), point.startedAt()));
        }
        Map<String, Object> trace = ChartStyle.scatter(POINTS, 0, "markers");
        trace.put("x", cell.at());
        trace.put("y", cell.values().stream().map(value -> value * scale()).toList());
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", ChartStyle.symbol(0), "size", 6)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    /** A line from the first to the last point of each level, with a gap in between. */
    private Map<String, Object> levels(CellTrend cell) {
        List<Object> x = new ArrayList<>();
        List<Object> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int level = 0; level < cell.levels().size(); level++) {
            int to = level == cell.changes().size()
                    ? cell.points()
                    : TrendModel.firstOfNewLevel(cell, cell.changes().get(level));
            String text = "level: " + MetricText.value(cell.levels().get(level), trend.unit());
            for (double place : List.of(cell.at().get(from) - 0.4, cell.at().get(to - 1) + 0.4)) {
                x.add(place);
                y.add(cell.levels().get(level) * scale());
                texts.add(text);
            }
            x.add(null);
            y.add(null);
            texts.add("");
            from = to;
        }
        Map<String, Object> trace = ChartStyle.scatter(LEVELS, LEVEL_SERIES, "lines");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("line", ChartStyle.mutable(Map.of("dash", "solid", "width", 2.5)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private Map<String, Object> mark(CellTrend cell, TrendChange change) {
        int first = TrendModel.firstOfNewLevel(cell, change);
        TrendPoint after = model.points().get(cell.at().get(first));
        Map<String, Object> trace =
                ChartStyle.scatter(change.kind().label(), HistoryAxis.series(change.kind()), "markers");
        trace.put("x", List.of(cell.at().get(first)));
        trace.put("y", List.of(cell.values().get(first) * scale()));
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", HistoryAxis.symbol(change), "size", 13)));
        ChartStyle.hover(
                trace,
                List.of("%s %s, %s, since %s"
                        .formatted(
                                change.kind().label(),
                                TrendModel.size(change),
                                TrendModel.sure(change),
                                after.label())));
        return trace;
    }

    private DataTable table() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellTrend cell : trend.cells()) {
            for (int i = 0; i < cell.points(); i++) {
                TrendPoint point = model.points().get(cell.at().get(i));
                rows.add(List.of(
                        cell.cell(),
                        point.folder(),
                        point.revision(),
                        point.startedAt(),
                        cell.values().get(i)));
            }
        }
        return new DataTable(
                trend.metric(),
                "every point of every cell",
                List.of("cell", "folder", "revision", "started", trend.metric() + " (" + trend.unit() + ")"),
                rows);
    }
}
