package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** IOPS along one axis, one line per series, one panel per combination of the remaining axes. */
final class IopsByAxis implements Chart {
    private static final String METRIC = "iops";
    private static final int PANEL_PX = 300;

    private final String axisName;
    private final String title;

    IopsByAxis(String axisName, String title) {
        this.axisName = axisName;
        this.title = title;
    }

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Optional<Axis> axis = model.varyingAxis(axisName);
        if (axis.isEmpty() || axisName.equals(model.comparedAxis())) {
            return Optional.empty();
        }
        List<Point> panels = panels(model);
        List<Plot> plots = new ArrayList<>();
        for (Point panel : panels) {
            plots.add(plot(model, axis.get(), panel, "plot_by_" + slug() + "_" + plots.size(), panels.size() == 1));
        }
        return Optional.of(new ChartBlock(
                "by-" + axisName,
                title,
                "Each line is one value of " + model.comparedAxis()
                        + ", the bars are 95 % intervals of the median (below six runs: the range of the runs);"
                        + " a line that stays flat where another rises has met a limit.",
                seen(model, axis.get(), panels.getFirst()),
                Tables.legend(model),
                plots,
                List.of(Tables.estimates(model, METRIC, "IOPS (1/s) by configuration"))));
    }

    private String slug() {
        return axisName.replaceAll("[^A-Za-z0-9]", "_");
    }

    private List<Point> panels(ReportModel model) {
        Set<Point> panels = new LinkedHashSet<>();
        for (Point point : model.points()) {
            Map<String, String> rest = new LinkedHashMap<>(point.at());
            rest.remove(axisName);
            panels.add(new Point(rest));
        }
        return List.copyOf(panels);
    }

    private Plot plot(ReportModel model, Axis axis, Point panel, String id, boolean single) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (int series = 0; series < model.series().size(); series++) {
            traces.add(line(model, axis, panel, series));
        }
        Map<String, Object> layout = new LinkedHashMap<>();
        Map<String, Object> x = ChartStyle.axis(axisName);
        x.put("tickvals", indices(axis));
        x.put("ticktext", axis.values().stream().map(PlotText::escape).toList());
        x.put("range", List.of(-0.3, axis.values().size() - 0.7));
        Map<String, Object> y = ChartStyle.axis("IOPS");
        y.put("rangemode", "tozero");
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        String name = single ? "" : panel.label();
        return new Plot(id, name, title + (name.isEmpty() ? "" : ", " + name), PANEL_PX, traces, layout);
    }

    private static List<Integer> indices(Axis axis) {
        List<Integer> result = new ArrayList<>();
        axis.values().forEach(_ -> result.add(result.size()));
        return result;
    }

    private Map<String, Object> line(ReportModel model, Axis axis, Point panel, int series) {
        List<Integer> x = indices(axis);
        List<Object> y = new ArrayList<>();
        List<Double> plus = new ArrayList<>();
        List<Double> minus = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String value = model.series().get(series);
        for (String step : axis.values()) {
            Optional<Estimate> estimate = estimate(model, panel, step, value);
            // null, not 0 and not left out: plotly then breaks the line where a cell is missing
            y.add(estimate.<Object>map(Estimate::median).orElse(null));
            plus.add(estimate.map(e -> e.interval().high() - e.median()).orElse(0.0));
            minus.add(estimate.map(e -> e.median() - e.interval().low()).orElse(0.0));
            texts.add("%s, %s %s: %s IOPS (%s)"
                    .formatted(
                            value,
                            axisName,
                            step,
                            estimate.map(Numbers::si).orElse("no"),
                            estimate.map(e -> e.runs().stream().map(Numbers::si).collect(Collectors.joining(", ")))
                                    .orElse("")));
        }
        Map<String, Object> trace = ChartStyle.scatter(value.isEmpty() ? "all" : value, series, "lines+markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("connectgaps", false);
        trace.put(
                "error_y",
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
                        4)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private Optional<Estimate> estimate(ReportModel model, Point panel, String step, String series) {
        for (Point point : model.points()) {
            Map<String, String> rest = new LinkedHashMap<>(point.at());
            if (step.equals(rest.remove(axisName)) && rest.equals(panel.at())) {
                return model.cell(point, series).flatMap((Cell cell) -> cell.estimate(METRIC));
            }
        }
        return Optional.empty();
    }

    private String seen(ReportModel model, Axis axis, Point panel) {
        String first = axis.values().getFirst();
        String last = axis.values().getLast();
        List<String> parts = new ArrayList<>();
        for (String series : model.series()) {
            Optional<Estimate> from = estimate(model, panel, first, series);
            Optional<Estimate> to = estimate(model, panel, last, series);
            if (from.isPresent() && to.isPresent() && from.get().median() > 0) {
                parts.add("%s %s to %s IOPS (%sx)"
                        .formatted(
                                series,
                                Numbers.si(from.get()),
                                Numbers.si(to.get()),
                                Numbers.ratio(to.get().median() / from.get().median())));
            }
        }
        String where = panel.at().isEmpty() ? "" : " (" + panel.label() + ")";
        return parts.isEmpty()
                ? "Not enough configurations have finished to see a course."
                : "From %s %s to %s%s: %s.".formatted(axisName, first, last, where, String.join("; ", parts));
    }
}
