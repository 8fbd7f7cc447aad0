package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.FolderComparison;
import ringside.reports.model.MetricText;
import ringside.reports.model.PairModel;

/** Every run of both sides, as a share of the median of A in its cell, so that all cells fit on one axis. */
final class EveryRun {
    private static final double OFFSET = 0.17;

    private final PairModel model;
    private final FolderComparison comparison;
    private final List<CellChange> cells;
    private final RatioAxis axis = new RatioAxis();

    EveryRun(PairModel model, FolderComparison comparison) {
        this.model = model;
        this.comparison = comparison;
        this.cells = PairModel.mostChanged(comparison, CellRows.MOST).stream()
                .filter(cell -> cell.medianA() > 0)
                .toList();
    }

    Optional<ChartBlock> draw() {
        if (cells.isEmpty()) {
            return Optional.empty();
        }
        String name = MetricText.name(comparison.metric());
        List<Map<String, Object>> traces = List.of(marks("A", 0), marks("B", 1));
        CellRows rows = new CellRows(
                cells.stream().map(cell -> model.label(cell.cell())).toList());
        Plot plot = new Plot(
                "plot_runs",
                "",
                name + " of every run as a share of A's median, by cell",
                rows.heightPx(),
                traces,
                rows.layout(axis.axis("run / median of A (logarithmic)"), RatioAxis.landmarks(0)));
        return Optional.of(new ChartBlock(
                "runs",
                "Every run",
                "Each mark is one valid run: " + name + " as a share of the median of A's runs in that cell. Two clouds"
                        + " apart are a difference that needs no statistics; a cloud in two parts had something happen"
                        + " to some of its runs.",
                seen(),
                List.of(LegendEntry.of("A", 0), LegendEntry.of("B", 1)),
                List.of(plot),
                List.of(table())));
    }

    private List<RunResult> runs(CellChange cell, int side) {
        return side == 0 ? model.runsOfA(cell.cell()) : model.runsOfB(cell.cell());
    }

    private Map<String, Object> marks(String side, int series) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < cells.size(); row++) {
            CellChange cell = cells.get(row);
            for (RunResult run : runs(cell, series)) {
                Metric metric = run.metrics().get(comparison.metric());
                if (metric != null && metric.value() > 0) {
                    double share = metric.value() / cell.medianA();
                    axis.include(share);
                    x.add(share);
                    y.add(row + (series == 0 ? -OFFSET : OFFSET));
                    texts.add("%s, %s, repetition %d: %s"
                            .formatted(
                                    side,
                                    model.label(cell.cell()),
                                    run.repetition() + 1,
                                    MetricText.value(metric.value(), comparison.unit())));
                }
            }
        }
        Map<String, Object> trace = ChartStyle.scatter(side, series, "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put(
                "marker", ChartStyle.mutable(Map.of("symbol", ChartStyle.symbol(series), "size", 6, "opacity", 0.75)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private String seen() {
        int apart = 0;
        for (CellChange cell : cells) {
            double[] a = values(cell, 0);
            double[] b = values(cell, 1);
            if (a.length > 0 && b.length > 0 && (max(a) < min(b) || max(b) < min(a))) {
                apart++;
            }
        }
        return "In %d of %d cells shown no run of A lies among those of B.".formatted(apart, cells.size());
    }

    private double[] values(CellChange cell, int side) {
        return runs(cell, side).stream()
                .map(run -> run.metrics().get(comparison.metric()))
                .filter(metric -> metric != null && metric.value() > 0)
                .mapToDouble(Metric::value)
                .toArray();
    }

    private static double min(double[] values) {
        double least = Double.POSITIVE_INFINITY;
        for (double value : values) {
            least = Math.min(least, value);
        }
        return least;
    }

    private static double max(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, value);
        }
        return most;
    }

    private DataTable table() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellChange cell : comparison.cells()) {
            for (int side = 0; side < 2; side++) {
                for (RunResult run : runs(cell, side)) {
                    Metric metric = run.metrics().get(comparison.metric());
                    if (metric != null) {
                        rows.add(List.of(
                                model.label(cell.cell()),
                                side == 0 ? "A" : "B",
                                run.repetition() + 1,
                                run.order(),
                                metric.value()));
                    }
                }
            }
        }
        return new DataTable(
                "runs",
                comparison.metric() + " of every valid run",
                List.of("cell", "side", "repetition", "order", comparison.metric() + " (" + comparison.unit() + ")"),
                rows);
    }
}
