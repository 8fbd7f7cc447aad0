package ringside.reports.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import ringside.reports.model.Cell;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** The bars of a waterfall: a row per cell, each stage begins where the one before ends, a thin bar for the lock. */
final class StageBars {
    /** Name of the bar that is no stage. */
    static final String LOCK = "lock wait";

    private static final List<String> PATTERNS = List.of("", "/", "\\", "x", ".", "+", "-");
    private static final double NS_PER_US = 1000;

    private final ReportModel model;
    private final List<Cell> cells;
    private final double[] endUs;
    private final List<Map<String, Object>> traces = new ArrayList<>();

    /** Of more cells than fit a figure the first are drawn. */
    StageBars(ReportModel model, List<Cell> cells) {
        this.model = model;
        this.cells = cells.subList(0, Math.min(CellRows.MOST, cells.size()));
        this.endUs = new double[this.cells.size()];
    }

    /** The next stage. */
    void add(String name, String meaning, ToDoubleFunction<Cell> meanNs) {
        List<Double> lengths = new ArrayList<>();
        List<Double> begins = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < cells.size(); row++) {
            double ns = meanNs.applyAsDouble(cells.get(row));
            begins.add(endUs[row]);
            lengths.add(ns / NS_PER_US);
            endUs[row] += ns / NS_PER_US;
            texts.add(text(
                    cells.get(row),
                    "%s (%s): mean %s, ends at %s"
                            .formatted(name, meaning, Numbers.duration(ns), Numbers.duration(endUs[row] * NS_PER_US))));
        }
        int series = traces.size();
        Map<String, Object> trace = bar(name, series, PATTERNS.get(Math.floorMod(series, PATTERNS.size())));
        trace.put("x", lengths);
        trace.put("base", begins);
        trace.put("y", rows(-0.08));
        trace.put("width", 0.5);
        ChartStyle.hover(trace, texts);
        traces.add(trace);
    }

    /** Whether any cell waited. */
    boolean addLockWait() {
        List<Double> lengths = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Cell cell : cells) {
            OptionalDouble ns = cell.lockWaitPerRequestNs();
            lengths.add(ns.orElse(0) / NS_PER_US);
            labels.add(ns.orElse(0) > 0 ? "lock wait " + Numbers.duration(ns.orElse(0)) : "");
            texts.add(text(
                    cell,
                    "waiting for the big lock, all threads together: %s per request"
                            .formatted(Numbers.duration(ns.orElse(0)))));
        }
        if (lengths.stream().allMatch(length -> length == 0)) {
            return false;
        }
        Map<String, Object> trace = bar(LOCK, ChartStyle.NEUTRAL, "");
        trace.put("x", lengths);
        trace.put("y", rows(0.3));
        trace.put("width", 0.16);
        trace.put("text", labels);
        trace.put("textposition", "outside");
        trace.put("cliponaxis", false);
        ChartStyle.hover(trace, texts);
        traces.add(trace);
        return true;
    }

    Plot plot(String id) {
        CellRows names = new CellRows(
                cells.stream().map(cell -> Tables.name(model, cell)).toList());
        Map<String, Object> x = ChartStyle.axis("mean time, µs");
        x.put("rangemode", "tozero");
        Map<String, Object> layout = names.layout(x, List.of());
        layout.put("barmode", "overlay");
        double longest = Arrays.stream(endUs).max().orElse(0);
        String description = "Mean time in each stage by configuration; the longest request takes "
                + Numbers.duration(longest * NS_PER_US);
        return new Plot(id, "", description, names.heightPx() + 10 * cells.size(), traces, layout);
    }

    private String text(Cell cell, String what) {
        return Tables.name(model, cell) + "\n" + what + HoverText.command(model, cell);
    }

    private List<Double> rows(double offset) {
        List<Double> places = new ArrayList<>();
        for (int row = 0; row < cells.size(); row++) {
            places.add(row + offset);
        }
        return places;
    }

    private static Map<String, Object> bar(String name, int series, String pattern) {
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "bar");
        trace.put("orientation", "h");
        trace.put("name", PlotText.escape(name));
        trace.put("meta", Map.of("series", series));
        trace.put("marker", ChartStyle.mutable(Map.of("pattern", Map.of("shape", pattern, "solidity", 0.25))));
        return trace;
    }
}
