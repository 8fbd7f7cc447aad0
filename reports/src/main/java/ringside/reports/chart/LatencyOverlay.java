package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import ringside.harness.stats.CellChange;
import ringside.reports.model.Distribution;
import ringside.reports.model.Numbers;
import ringside.reports.model.PairModel;

/** The latency distributions of both sides over each other, cell by cell. */
final class LatencyOverlay {
    private static final String HISTOGRAM = "lat";
    private static final List<Double> MARKED = List.of(50.0, 99.0, 99.9);
    private static final List<Double> TABLE = List.of(50.0, 90.0, 99.0, 99.9, 99.99, 99.999);
    private static final int MOST = 24;
    private static final int PANEL_PX = 260;
    private static final double HUNDRED = 100;

    private final PairModel model;

    LatencyOverlay(PairModel model) {
        this.model = model;
    }

    private record Both(String cell, Distribution a, Distribution b) {}

    Optional<ChartBlock> draw() {
        List<Both> found = new ArrayList<>();
        for (CellChange cell : PairModel.mostChanged(model.main(), MOST)) {
            Optional<Distribution> a = PairModel.distribution(model.runsOfA(cell.cell()), HISTOGRAM);
            Optional<Distribution> b = PairModel.distribution(model.runsOfB(cell.cell()), HISTOGRAM);
            if (a.isPresent() && b.isPresent()) {
                found.add(new Both(cell.cell(), a.get(), b.get()));
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<Plot> plots = new ArrayList<>();
        found.forEach(both -> plots.add(plot(both, plots.size())));
        return Optional.of(new ChartBlock(
                "latency",
                "Latency distributions",
                "How large a share of the requests took how long, A and B over each other; the classes grow by 12 %. The"
                        + " marks on the base line are p50, p99 and p99.9. Runs of a cell are merged, never averaged. A"
                        + " second hump is a second way through the stack.",
                seen(found),
                List.of(LegendEntry.of("A", 0), LegendEntry.of("B", 1)),
                plots,
                List.of(table(found))));
    }

    private Plot plot(Both both, int index) {
        String name = model.label(both.cell());
        List<Map<String, Object>> traces = new ArrayList<>();
        traces.add(curve("A", 0, both.a()));
        traces.add(curve("B", 1, both.b()));
        traces.add(marks("A", 0, both.a()));
        traces.add(marks("B", 1, both.b()));
        return new Plot(
                "plot_overlay_" + index,
                name,
                "Distribution of latency in A and B, " + name,
                PANEL_PX,
                traces,
                layout());
    }

    private static Map<String, Object> curve(String side, int series, Distribution distribution) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Distribution.Share share : distribution.shares()) {
            x.add(Math.sqrt(share.fromNs() * share.toNs()) / 1000);
            y.add(HUNDRED * share.share());
            texts.add("%s: %s between %s and %s"
                    .formatted(
                            side,
                            Numbers.percent(share.share()),
                            Numbers.duration(share.fromNs()),
                            Numbers.duration(share.toNs())));
        }
        Map<String, Object> trace = ChartStyle.scatter(side, series, "lines");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("line", ChartStyle.mutable(Map.of("dash", ChartStyle.dash(series), "width", 2, "shape", "hvh")));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static Map<String, Object> marks(String side, int series, Distribution distribution) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (double percentile : MARKED) {
            OptionalLong ns = distribution.percentileNs(percentile);
            if (ns.isPresent()) {
                x.add(ns.getAsLong() / 1000.0);
                y.add(0.0);
                texts.add("%s: p%s %s"
                        .formatted(side, PercentileCurves.name(percentile), Numbers.duration(ns.getAsLong())));
            }
        }
        Map<String, Object> trace = ChartStyle.scatter(side, series, "markers");
        trace.put("x", x);
        trace.put("y", y);
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static Map<String, Object> layout() {
        Map<String, Object> x = ChartStyle.axis("latency, µs (logarithmic)");
        x.put("type", "log");
        x.put("exponentformat", "none");
        x.put("dtick", 1);
        x.put("minor", Map.of("dtick", "D1", "ticks", "outside"));
        Map<String, Object> y = ChartStyle.axis("% of requests");
        y.put("rangemode", "tozero");
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        return layout;
    }

    private String seen(List<Both> found) {
        Both first = found.getFirst();
        String where = found.size() == 1 ? "" : "At " + model.label(first.cell()) + ": ";
        List<String> parts = new ArrayList<>();
        for (double percentile : List.of(50.0, 99.0)) {
            OptionalLong a = first.a().percentileNs(percentile);
            OptionalLong b = first.b().percentileNs(percentile);
            if (a.isPresent() && b.isPresent()) {
                parts.add("p%s %s in A, %s in B"
                        .formatted(
                                PercentileCurves.name(percentile),
                                Numbers.duration(a.getAsLong()),
                                Numbers.duration(b.getAsLong())));
            }
        }
        int all = model.main().cells().size();
        String shown = found.size() < all ? " Drawn are " + found.size() + " of " + all + " cells." : "";
        return where + String.join("; ", parts) + "." + shown;
    }

    private DataTable table(List<Both> found) {
        List<String> head = new ArrayList<>(List.of("cell", "side", "requests", "mean ns"));
        TABLE.forEach(percentile -> head.add("p" + PercentileCurves.name(percentile) + " ns"));
        head.add("max ns");
        List<List<Object>> rows = new ArrayList<>();
        for (Both both : found) {
            rows.add(row(both, "A", both.a()));
            rows.add(row(both, "B", both.b()));
        }
        return new DataTable("latency", "latency in nanoseconds, valid runs merged", head, rows);
    }

    private List<Object> row(Both both, String side, Distribution distribution) {
        List<Object> row =
                new ArrayList<>(List.of(model.label(both.cell()), side, distribution.count(), distribution.meanNs()));
        for (double percentile : TABLE) {
            OptionalLong ns = distribution.percentileNs(percentile);
            row.add(ns.isPresent() ? (Object) ns.getAsLong() : "too few");
        }
        row.add(distribution.maxNs());
        return row;
    }
}
