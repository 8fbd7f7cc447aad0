package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.RunResult;
import ringside.harness.results.Series;
import ringside.harness.stats.Summary;
import ringside.reports.model.Cell;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** IOPS over the measured phase of each run: whether a figure is of a steady state. */
final class IopsOverTime implements Chart {
    private static final String SERIES = "iops";
    private static final int PANEL_PX = 260;

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        List<Plot> plots = new ArrayList<>();
        for (Point point : model.points()) {
            List<Map<String, Object>> traces = traces(model, point);
            if (!traces.isEmpty()) {
                String name = model.points().size() == 1 ? "" : point.label();
                plots.add(new Plot(
                        "plot_time_" + plots.size(),
                        name,
                        "IOPS over time" + (name.isEmpty() ? "" : ", " + name),
                        PANEL_PX,
                        traces,
                        layout()));
            }
        }
        if (plots.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ChartBlock(
                "time",
                "IOPS over time",
                "One line per run over its measured phase; a level line is a steady state, a slope or a step means that"
                        + " the run's single figure hides a change. Marks on a line: a collection (down triangle), a"
                        + " safepoint (x), the last level begins where it is not the first (open circle).",
                seen(model),
                Tables.legend(model),
                plots,
                List.of(table(model))));
    }

    private static List<Map<String, Object>> traces(ReportModel model, Point point) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (int series = 0; series < model.series().size(); series++) {
            String value = model.series().get(series);
            Optional<Cell> cell = model.cell(point, value);
            for (RunResult run : cell.map(Cell::valid).orElse(List.of())) {
                int index = series;
                iops(run).ifPresent(found -> {
                    Map<String, Object> line = line(model, value, index, run, found);
                    ChartStyle.command(line, index, HoverText.command(model, cell.get()));
                    traces.add(line);
                    TimeMarks.of(value, index, run, found).ifPresent(traces::add);
                });
            }
        }
        return traces;
    }

    private static Optional<Series> iops(RunResult run) {
        return run.series().stream()
                .filter(series ->
                        series.name().equals(SERIES) && !series.values().isEmpty())
                .findFirst();
    }

    private static Map<String, Object> line(ReportModel model, String value, int series, RunResult run, Series values) {
        double step = values.intervalNs() / 1e9;
        List<Double> x = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (double iops : values.values()) {
            x.add((x.size() + 1) * step);
            texts.add(String.format(
                    Locale.ROOT,
                    "%s, run %d, %.1f s: %s IOPS%s",
                    value,
                    run.repetition() + 1,
                    x.getLast(),
                    Numbers.si(iops),
                    HoverText.exactly(model, iops, "")));
        }
        Map<String, Object> trace = ChartStyle.scatter(value.isEmpty() ? "all" : value, series, "lines");
        trace.put("line", ChartStyle.mutable(Map.of("dash", ChartStyle.dash(series), "width", 1.4)));
        trace.put("opacity", 0.8);
        trace.put("x", x);
        trace.put("y", values.values());
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static Map<String, Object> layout() {
        Map<String, Object> y = ChartStyle.axis("IOPS");
        y.put("rangemode", "tozero");
        Map<String, Object> x = ChartStyle.axis("seconds of the measured phase");
        x.put("rangemode", "tozero");
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        return layout;
    }

    private static String seen(ReportModel model) {
        double largest = -1;
        String where = "";
        for (Cell cell : model.cells()) {
            for (RunResult run : cell.valid()) {
                Optional<Series> series = iops(run);
                double cv = series.map(IopsOverTime::cv).orElse(-1.0);
                if (cv > largest) {
                    largest = cv;
                    where = Tables.name(model, cell) + ", run " + (run.repetition() + 1);
                }
            }
        }
        return "Least steady: %s, whose intervals scatter by %s of their mean (coefficient of variation)."
                .formatted(where, Numbers.percent(largest));
    }

    private static double cv(Series series) {
        return Summary.of(series.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .cv();
    }

    private static DataTable table(ReportModel model) {
        List<String> head = new ArrayList<>(Tables.axisNames(model));
        head.addAll(List.of("run", "seconds", "IOPS"));
        List<List<Object>> rows = new ArrayList<>();
        for (Cell cell : model.cells()) {
            for (RunResult run : cell.valid()) {
                iops(run).ifPresent(series -> addRows(rows, model, cell, run, series));
            }
        }
        return new DataTable("iops-over-time", "IOPS (1/s) by interval; the time is the interval's end", head, rows);
    }

    private static void addRows(List<List<Object>> rows, ReportModel model, Cell cell, RunResult run, Series series) {
        for (int i = 0; i < series.values().size(); i++) {
            List<Object> row = Tables.axisValues(model, cell);
            row.add(run.repetition() + 1);
            row.add((i + 1) * series.intervalNs() / 1e9);
            row.add(series.values().get(i));
            rows.add(row);
        }
    }
}
