package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.FolderComparison;
import ringside.reports.model.MetricText;
import ringside.reports.model.PairHeadline;
import ringside.reports.model.PairModel;

/** Ratios B / A with their intervals, one row per cell, marked by what may be said of it. */
final class ForestPlot {
    private final PairModel model;
    private final FolderComparison comparison;
    private final List<CellChange> cells;
    private final RatioAxis axis = new RatioAxis();

    ForestPlot(PairModel model, FolderComparison comparison) {
        this.model = model;
        this.comparison = comparison;
        this.cells = PairModel.mostChanged(comparison, CellRows.MOST);
        for (CellChange cell : cells) {
            axis.include(cell.ratio());
            axis.includeBound(cell.interval().low());
            axis.includeBound(cell.interval().high());
        }
    }

    /** The chart; without a panel where no cell has a ratio. */
    ChartBlock draw() {
        String metric = comparison.metric();
        String name = MetricText.name(metric);
        boolean higher = model.higherIsBetter(metric);
        return new ChartBlock(
                "ratios-" + metric.replaceAll("[^A-Za-z0-9]", "-"),
                "Ratio of " + name + ", B to A",
                "Each mark is the ratio of the geometric means of B's and A's runs, its bar the 95 % interval for this cell"
                        + " alone; right of 1x B is " + (higher ? "better" : "worse") + ". In the grey band a change is"
                        + " too small to matter (" + PairHeadline.percent(comparison.tolerance())
                        + "). The verdict corrects for the number of cells: a bar beside 1x alone is no finding.",
                seen(),
                legend(),
                cells.isEmpty() ? List.of() : List.of(plot(name)),
                List.of(table()));
    }

    private Plot plot(String name) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (Change change : Change.values()) {
            if (has(change)) {
                traces.add(marks(change));
            }
        }
        CellRows rows = new CellRows(
                cells.stream().map(cell -> model.label(cell.cell())).toList());
        return new Plot(
                "plot_ratio_" + comparison.metric().replaceAll("[^A-Za-z0-9]", "_"),
                "",
                "Ratio of " + name + ", B to A, by cell",
                rows.heightPx(),
                traces,
                rows.layout(axis.axis("B / A (logarithmic)"), RatioAxis.landmarks(comparison.tolerance())));
    }

    private boolean has(Change change) {
        return cells.stream().anyMatch(cell -> cell.change() == change);
    }

    private Map<String, Object> marks(Change change) {
        List<Double> x = new ArrayList<>();
        List<Integer> y = new ArrayList<>();
        List<Double> plus = new ArrayList<>();
        List<Double> minus = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < cells.size(); row++) {
            CellChange cell = cells.get(row);
            if (cell.change() == change) {
                boolean bounded = Double.isFinite(cell.interval().high());
                x.add(cell.ratio());
                y.add(row);
                plus.add(bounded ? cell.interval().high() - cell.ratio() : 0);
                minus.add(bounded ? cell.ratio() - cell.interval().low() : 0);
                texts.add(hover(cell));
            }
        }
        Map<String, Object> trace = ChartStyle.scatter(change.label(), series(change), "markers");
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

    private String hover(CellChange cell) {
        return "%s: %s, %s; A %s (%d runs), B %s (%d runs); p %s"
                .formatted(
                        model.label(cell.cell()),
                        PairHeadline.ratio(cell),
                        PairHeadline.verdict(comparison, cell),
                        MetricText.value(cell.medianA(), comparison.unit()),
                        cell.runsA(),
                        MetricText.value(cell.medianB(), comparison.unit()),
                        cell.runsB(),
                        PairHeadline.pValue(cell.pValue()));
    }

    /** Colour and symbol of a verdict. */
    static int series(Change change) {
        return switch (change) {
            case IMPROVED -> 2;
            case REGRESSED -> 1;
            case SAME -> 0;
            case UNDERPOWERED, TOO_FEW_RUNS, ONLY_IN_A, ONLY_IN_B -> 6;
        };
    }

    private List<LegendEntry> legend() {
        List<LegendEntry> entries = new ArrayList<>();
        for (Change change : Change.values()) {
            if (has(change)) {
                entries.add(LegendEntry.of(change.label(), series(change)));
            }
        }
        return entries;
    }

    private String seen() {
        List<String> parts = new ArrayList<>();
        for (Change change : Change.values()) {
            long count = comparison.count(change);
            if (count > 0) {
                parts.add(count + " " + change.label());
            }
        }
        String all = String.join(", ", parts) + " of " + comparison.cells().size() + " cells";
        return cells.size() == CellRows.MOST
                        && cells.size() < comparison.cells().size()
                ? all + "; drawn are the " + cells.size() + " that changed most, the table has all."
                : all + ".";
    }

    private DataTable table() {
        List<String> head = List.of(
                "cell",
                "verdict",
                "B / A",
                "low",
                "high",
                "p (Holm)",
                "median of A (" + comparison.unit() + ")",
                "median of B (" + comparison.unit() + ")",
                "runs of A",
                "runs of B",
                "runs needed",
                "not steady");
        List<List<Object>> rows = new ArrayList<>();
        for (CellChange cell : comparison.cells()) {
            rows.add(List.of(
                    model.label(cell.cell()),
                    cell.change().label(),
                    number(cell.ratio()),
                    number(cell.interval().low()),
                    number(cell.interval().high()),
                    cell.pValue(),
                    number(cell.medianA()),
                    number(cell.medianB()),
                    cell.runsA(),
                    cell.runsB(),
                    cell.runsNeeded() > 0 ? (Object) cell.runsNeeded() : "",
                    comparison.unsteady().getOrDefault(cell.cell(), "")));
        }
        return new DataTable(
                comparison.metric(),
                "every cell in " + comparison.metric() + "; low and high bound the 95 % interval of the ratio",
                head,
                rows);
    }

    private static Object number(double value) {
        return Double.isFinite(value) ? (Object) value : "";
    }
}
