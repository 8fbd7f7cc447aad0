package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** Latency against throughput while the load grows along an axis, with the knee: the best ratio of the two. */
final class ThroughputLatency implements Chart {
    private static final List<String> LOADS = List.of("iodepth", "numjobs", "rate_iops");
    private static final String LATENCY = "lat_p99";
    private static final int PANEL_PX = 320;
    private static final int FEWEST = 3;

    /**
     * A step of the load.
     *
     * @param value of the axis
     * @param iops median
     * @param latencyNs median of the runs' p99
     * @param command that repeats it, below the hover text
     */
    private record Step(String value, double iops, double latencyNs, String command) {
        double power() {
            return iops / latencyNs;
        }
    }

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Optional<Axis> axis = LOADS.stream()
                .filter(name -> !name.equals(model.comparedAxis()))
                .flatMap(name -> model.varyingAxis(name).stream())
                .filter(found -> found.values().size() >= FEWEST)
                .findFirst();
        if (axis.isEmpty()) {
            return Optional.empty();
        }
        List<List<Object>> rows = new ArrayList<>();
        List<String> knees = new ArrayList<>();
        List<Plot> plots = new ArrayList<>();
        for (Point panel : panels(model, axis.get())) {
            List<Map<String, Object>> traces = new ArrayList<>();
            for (int series = 0; series < model.series().size(); series++) {
                String name = model.series().get(series);
                List<Step> steps = steps(model, axis.get(), panel, name);
                if (steps.size() >= FEWEST) {
                    traces.addAll(traces(axis.get(), name, series, steps));
                    rows(rows, panel, name, steps);
                    if (plots.isEmpty()) {
                        knees.add("%s at %s %s"
                                .formatted(
                                        name.isEmpty() ? "all" : name,
                                        axis.get().name(),
                                        knee(steps).value()));
                    }
                }
            }
            if (!traces.isEmpty()) {
                plots.add(plot(panel, plots.size(), traces));
            }
        }
        return plots.isEmpty() ? Optional.empty() : Optional.of(block(model, axis.get(), plots, knees, rows));
    }

    private static ChartBlock block(
            ReportModel model, Axis axis, List<Plot> plots, List<String> knees, List<List<Object>> rows) {
        String where = plots.getFirst().title().isEmpty()
                ? ""
                : " (" + plots.getFirst().title() + ")";
        return new ChartBlock(
                "throughput-latency",
                "Latency against throughput",
                "Each mark is one value of " + axis.name() + ", in order along the line: up to the knee more load buys"
                        + " requests, behind it mostly waiting. The large open mark is the knee: the largest IOPS / p99.",
                "Knee" + where + ": " + String.join("; ", knees) + ".",
                Tables.legend(model),
                plots,
                List.of(new DataTable(
                        "throughput-latency",
                        "Median IOPS and median p99 by " + axis.name(),
                        List.of("point", "series", axis.name(), "IOPS (1/s)", "p99 ns", "knee"),
                        rows)));
    }

    private static Step knee(List<Step> steps) {
        Step best = steps.getFirst();
        for (Step step : steps) {
            best = step.power() > best.power() ? step : best;
        }
        return best;
    }

    private static Set<Point> panels(ReportModel model, Axis axis) {
        Set<Point> panels = new LinkedHashSet<>();
        for (Point point : model.points()) {
            Map<String, String> rest = new LinkedHashMap<>(point.at());
            rest.remove(axis.name());
            panels.add(new Point(rest));
        }
        return panels;
    }

    private static List<Step> steps(ReportModel model, Axis axis, Point panel, String series) {
        List<Step> steps = new ArrayList<>();
        for (Point point : model.points()) {
            Map<String, String> rest = new LinkedHashMap<>(point.at());
            String value = rest.remove(axis.name());
            if (rest.equals(panel.at())) {
                model.cell(point, series)
                        .flatMap(cell -> step(value, cell, HoverText.command(model, cell)))
                        .ifPresent(steps::add);
            }
        }
        return steps;
    }

    private static Optional<Step> step(String value, Cell cell, String command) {
        Optional<Estimate> iops = cell.estimate("iops");
        Optional<Estimate> latency = cell.estimate(LATENCY);
        return iops.isPresent() && latency.isPresent() && latency.get().median() > 0
                ? Optional.of(new Step(value, iops.get().median(), latency.get().median(), command))
                : Optional.empty();
    }

    private static List<Map<String, Object>> traces(Axis axis, String name, int series, List<Step> steps) {
        Map<String, Object> line = trace(axis, name, series, "lines+markers", steps);
        Map<String, Object> knee = trace(axis, name, series, "markers", List.of(knee(steps)));
        knee.put("marker", ChartStyle.mutable(Map.of("symbol", ChartStyle.symbol(series) + "-open", "size", 18)));
        return List.of(line, knee);
    }

    private static Map<String, Object> trace(Axis axis, String name, int series, String mode, List<Step> steps) {
        Map<String, Object> trace = ChartStyle.scatter(name.isEmpty() ? "all" : name, series, mode);
        trace.put("x", steps.stream().map(Step::iops).toList());
        trace.put("y", steps.stream().map(step -> step.latencyNs() / 1000).toList());
        ChartStyle.hover(
                trace,
                steps.stream()
                        .map(step -> "%s, %s %s: %s IOPS (exactly %s), p99 %s (exactly %s ns)%s"
                                .formatted(
                                        name,
                                        axis.name(),
                                        step.value(),
                                        Numbers.si(step.iops()),
                                        HoverText.exact(step.iops()),
                                        Numbers.duration(step.latencyNs()),
                                        HoverText.exact(step.latencyNs()),
                                        step.command()))
                        .toList());
        return trace;
    }

    private static Plot plot(Point panel, int index, List<Map<String, Object>> traces) {
        Map<String, Object> x = ChartStyle.axis("IOPS");
        x.put("rangemode", "tozero");
        Map<String, Object> y = ChartStyle.axis("p99 latency, µs");
        ChartStyle.logarithmic(y, ",~r");
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        String title = panel.at().isEmpty() ? "" : panel.label();
        return new Plot(
                "plot_load_" + index,
                title,
                "Latency against throughput" + (title.isEmpty() ? "" : ", " + title),
                PANEL_PX,
                traces,
                layout);
    }

    private static void rows(List<List<Object>> rows, Point panel, String name, List<Step> steps) {
        Step knee = knee(steps);
        for (Step step : steps) {
            rows.add(List.of(
                    panel.label(), name, step.value(), step.iops(), step.latencyNs(), step.equals(knee) ? "knee" : ""));
        }
    }
}
