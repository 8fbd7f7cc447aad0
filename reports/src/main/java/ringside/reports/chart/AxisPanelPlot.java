package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** One panel of {@link IopsByAxis}: a line or a row of marks per series, the runs behind them. */
final class AxisPanelPlot {
    private static final String METRIC = "iops";
    private static final int PANEL_PX = 300;
    private static final double SPREAD = 0.5;

    private final ReportModel model;
    private final AxisPanels panels;
    private final Point panel;
    private final boolean lines;

    AxisPanelPlot(ReportModel model, AxisPanels panels, Point panel, boolean lines) {
        this.model = model;
        this.panels = panels;
        this.panel = panel;
        this.lines = lines;
    }

    Plot plot(String id, String title) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (int series = 0; series < model.series().size(); series++) {
            traces.add(runs(series));
            traces.add(medians(series));
        }
        Map<String, Object> layout = new LinkedHashMap<>();
        List<String> steps = panels.axis().values();
        List<Integer> places = new ArrayList<>();
        steps.forEach(_ -> places.add(places.size()));
        Map<String, Object> x = ChartStyle.axis(panels.axis().name());
        x.put("tickvals", places);
        x.put(
                "ticktext",
                steps.stream().map(panels::label).map(PlotText::escape).toList());
        x.put("range", List.of(lines ? -0.3 : -0.5, steps.size() - (lines ? 0.7 : 0.5)));
        Map<String, Object> y = ChartStyle.axis("IOPS");
        y.put("rangemode", "tozero");
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        String name = panels.panels().size() == 1 ? "" : panel.label();
        return new Plot(id, name, title + (name.isEmpty() ? "" : ", " + name), PANEL_PX, traces, layout);
    }

    /** Names stand side by side; lines are told apart by themselves. */
    private double place(int step, int series) {
        int count = model.series().size();
        return lines ? step : step + (series - (count - 1) / 2.0) * SPREAD / Math.max(1, count);
    }

    private Map<String, Object> medians(int series) {
        List<Double> x = new ArrayList<>();
        List<Object> y = new ArrayList<>();
        List<Double> plus = new ArrayList<>();
        List<Double> minus = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String value = model.series().get(series);
        for (String step : panels.axis().values()) {
            Optional<Cell> cell = panels.cell(panel, step, value);
            Optional<Estimate> estimate = cell.flatMap(found -> found.estimate(METRIC));
            x.add(place(x.size(), series));
            // null, not 0 and not left out: plotly then breaks the line where a cell is missing
            y.add(estimate.<Object>map(Estimate::median).orElse(null));
            plus.add(estimate.map(e -> e.interval().high() - e.median()).orElse(0.0));
            minus.add(estimate.map(e -> e.median() - e.interval().low()).orElse(0.0));
            texts.add(estimate.map(e -> HoverText.estimate(model, cell.get(), e, Numbers.si(e), "IOPS"))
                    .orElse(""));
        }
        Map<String, Object> trace = ChartStyle.scatter(name(value), series, lines ? "lines+markers" : "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("connectgaps", false);
        trace.put("error_y", ChartStyle.intervals(plus, minus));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private Map<String, Object> runs(int series) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String value = model.series().get(series);
        int at = 0;
        for (String step : panels.axis().values()) {
            double place = place(at++, series);
            panels.cell(panel, step, value)
                    .ifPresent(cell -> cell.estimate(METRIC).ifPresent(estimate -> {
                        for (double run : estimate.runs()) {
                            x.add(place);
                            y.add(run);
                            texts.add("%s: one run, %s IOPS".formatted(Tables.name(model, cell), Numbers.si(run)));
                        }
                    }));
        }
        Map<String, Object> trace = ChartStyle.scatter(name(value), series, "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("opacity", 0.7);
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", "line-ew-open", "size", 12)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static String name(String value) {
        return value.isEmpty() ? "all" : value;
    }
}
