package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/**
 * A metric by configuration: one line per point of the other axes, one mark per series with the interval of the
 * median, and the single runs as small marks.
 */
final class DotPlot {
    private static final int ROW_PX = 26;
    private static final int DENSE_ROW_PX = 13;
    private static final int DENSE_FROM_POINTS = 9;
    private static final int FRAME_PX = 110;

    private final ReportModel model;
    private final String metric;
    private final String title;
    private final Function<Estimate, String> shown;
    private final Function<Double, String> shownRun;

    DotPlot(
            ReportModel model,
            String metric,
            String title,
            Function<Estimate, String> shown,
            Function<Double, String> shownRun) {
        this.model = model;
        this.metric = metric;
        this.title = title;
        this.shown = shown;
        this.shownRun = shownRun;
    }

    /** Whether any cell has the metric. */
    boolean hasData() {
        return model.cells().stream().anyMatch(cell -> cell.estimate(metric).isPresent());
    }

    Plot plot(String id, List<Map<String, Object>> extra) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (int series = 0; series < model.series().size(); series++) {
            traces.add(runs(series));
            traces.add(medians(series));
        }
        traces.add(missing());
        traces.addAll(extra);
        int rows = model.points().size() * Math.max(2, model.series().size());
        return new Plot(
                id,
                "",
                title + " by configuration",
                FRAME_PX + rows * (model.points().size() < DENSE_FROM_POINTS ? ROW_PX : DENSE_ROW_PX),
                traces,
                layout());
    }

    /** The position of a series at a point: groups from the top, series within. */
    double position(int point, int series) {
        double spread = 0.7 / Math.max(1, model.series().size());
        return point + (series - (model.series().size() - 1) / 2.0) * spread;
    }

    private Map<String, Object> medians(int series) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Double> plus = new ArrayList<>();
        List<Double> minus = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String value = model.series().get(series);
        forEachPoint(
                series,
                (point, cell) -> cell.estimate(metric).ifPresent(estimate -> {
                    x.add(estimate.median());
                    y.add(position(point, series));
                    plus.add(estimate.interval().high() - estimate.median());
                    minus.add(estimate.median() - estimate.interval().low());
                    texts.add(HoverText.estimate(model, cell, estimate, shown.apply(estimate), title));
                }));
        Map<String, Object> trace = ChartStyle.scatter(name(value), series, "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put(
                "error_x",
                ChartStyle.mutable(Map.of(
                        "type",
                        "data",
                        "symmetric",
                        false,
                        "array",
                        plus,
                        "arrayminus",
                        minus,
                        "thickness",
                        1.5,
                        "width",
                        5)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private Map<String, Object> runs(int series) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String value = model.series().get(series);
        forEachPoint(
                series,
                (point, cell) -> cell.estimate(metric).ifPresent(estimate -> {
                    for (double run : estimate.runs()) {
                        x.add(run);
                        y.add(position(point, series));
                        texts.add("%s, %s: one run, %s"
                                .formatted(value, model.points().get(point).label(), shownRun.apply(run)));
                    }
                }));
        Map<String, Object> trace = ChartStyle.scatter(name(value), series, "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("opacity", 0.7);
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", "line-ns-open", "size", 14)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private Map<String, Object> missing() {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        double left = isWide() ? smallest() : 0;
        for (int series = 0; series < model.series().size(); series++) {
            int index = series;
            forEachPoint(series, (point, cell) -> {
                if (cell.estimate(metric).isEmpty()) {
                    x.add(left);
                    y.add(position(point, index));
                    texts.add("no valid run: " + model.series().get(index));
                }
            });
        }
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "scatter");
        trace.put("mode", "text");
        trace.put("name", "missing");
        trace.put("meta", Map.of("series", ChartStyle.NEUTRAL));
        trace.put("x", x);
        trace.put("y", y);
        trace.put("text", texts.stream().map(PlotText::escape).toList());
        trace.put("textposition", "middle right");
        trace.put("hoverinfo", "skip");
        return trace;
    }

    private Map<String, Object> layout() {
        Map<String, Object> y = ChartStyle.axis("");
        List<Integer> values = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (Point point : model.points()) {
            values.add(values.size());
            labels.add(PlotText.escape(point.label()));
        }
        y.put("tickvals", values);
        y.put("ticktext", labels);
        y.put("range", List.of(model.points().size() - 0.5, -0.5));
        y.put("zeroline", false);
        y.put("showgrid", false);
        y.put("fixedrange", true);
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", ChartStyle.valueAxis(title, smallest(), largest()));
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        layout.put("shapes", separators());
        return layout;
    }

    private List<Map<String, Object>> separators() {
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (int point = 1; point < model.points().size(); point++) {
            shapes.add(Map.of(
                    "type",
                    "line",
                    "xref",
                    "paper",
                    "x0",
                    0,
                    "x1",
                    1,
                    "y0",
                    point - 0.5,
                    "y1",
                    point - 0.5,
                    "layer",
                    "below",
                    "line",
                    Map.of("width", 1)));
        }
        return shapes;
    }

    boolean isWide() {
        return ChartStyle.isWide(smallest(), largest());
    }

    private double smallest() {
        return values().min().orElse(0);
    }

    private double largest() {
        return values().max().orElse(0);
    }

    private DoubleStream values() {
        return model.cells().stream()
                .flatMap(cell -> cell.estimate(metric).stream())
                .flatMap(estimate -> estimate.runs().stream())
                .mapToDouble(Double::doubleValue);
    }

    private String name(String value) {
        return value.isEmpty() ? "all" : value;
    }

    private void forEachPoint(int series, PointVisitor visitor) {
        for (int point = 0; point < model.points().size(); point++) {
            Optional<Cell> cell =
                    model.cell(model.points().get(point), model.series().get(series));
            int index = point;
            cell.ifPresent(found -> visitor.visit(index, found));
        }
    }

    @FunctionalInterface
    private interface PointVisitor {
        void visit(int point, Cell cell);
    }
}
