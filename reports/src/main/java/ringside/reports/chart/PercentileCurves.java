package ringside.reports.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import ringside.reports.model.Cell;
import ringside.reports.model.Distribution;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** Latency by percentile on an axis of nines, the runs of a cell merged before. */
final class PercentileCurves implements Chart {
    private static final String HISTOGRAM = "lat";
    private static final List<Double> TABLE = List.of(50.0, 90.0, 95.0, 99.0, 99.9, 99.99, 99.999);
    private static final int PANEL_PX = 340;
    private static final int DIGITS = 7;

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Map<Cell, Distribution> found = new LinkedHashMap<>();
        model.cells().forEach(cell -> cell.distribution(HISTOGRAM).ifPresent(d -> found.put(cell, d)));
        found.values().parallelStream().forEach(Distribution::decode);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<Plot> plots = new ArrayList<>();
        for (Point point : model.points()) {
            plots.add(plot(model, point, found, plots.size()));
        }
        return Optional.of(new ChartBlock(
                "latency",
                "Latency by percentile",
                "How many requests were at least this fast: at 99 %, one request in a hundred took longer than the"
                        + " line; lower is better. Runs are merged, not averaged, and a curve ends where fewer than "
                        + Distribution.MINIMUM_ABOVE + " requests lie beyond it. Latency is from creation to completion"
                        + " of a request in a closed loop, so a stall delays later requests instead of counting them.",
                seen(model, found),
                Tables.legend(model),
                plots,
                List.of(table(model, found))));
    }

    private static Plot plot(ReportModel model, Point point, Map<Cell, Distribution> found, int index) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (int series = 0; series < model.series().size(); series++) {
            String value = model.series().get(series);
            Optional<Cell> cell = model.cell(point, value);
            Optional<Distribution> distribution = cell.map(found::get);
            if (distribution.isPresent()) {
                Map<String, Object> curve = curve(model, value, series, distribution.get());
                ChartStyle.command(curve, series, HoverText.command(model, cell.get()));
                traces.add(curve);
            }
        }
        String name = model.points().size() == 1 ? "" : point.label();
        return new Plot(
                "plot_latency_" + index,
                name,
                "Latency by percentile" + (name.isEmpty() ? "" : ", " + name),
                PANEL_PX,
                traces,
                layout());
    }

    private static Map<String, Object> curve(ReportModel model, String value, int series, Distribution distribution) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Distribution.Point point : distribution.curve()) {
            x.add(point.nines());
            y.add(point.ns() / 1000.0);
            texts.add("%s: p%s %s%s"
                    .formatted(
                            value,
                            name(point.percentile()),
                            Numbers.duration(point.ns()),
                            HoverText.exactly(model, point.ns(), "ns")));
        }
        Map<String, Object> trace = ChartStyle.scatter(value.isEmpty() ? "all" : value, series, "lines+markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", ChartStyle.symbol(series), "size", 5)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static Map<String, Object> layout() {
        Map<String, Object> x = ChartStyle.axis("percentile");
        x.put("type", "log");
        x.put("tickvals", List.of(1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000));
        x.put("ticktext", List.of("0", "50", "90", "99", "99.9", "99.99", "99.999", "99.9999"));
        Map<String, Object> y = ChartStyle.axis("latency, µs");
        ChartStyle.logarithmic(y, ",~r");
        y.put("dtick", "D2");
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", x);
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        return layout;
    }

    private static DataTable table(ReportModel model, Map<Cell, Distribution> found) {
        List<String> head = new ArrayList<>(Tables.axisNames(model));
        head.add("requests");
        head.add("mean ns");
        TABLE.forEach(p -> head.add("p" + name(p) + " ns"));
        head.add("max ns");
        List<List<Object>> rows = new ArrayList<>();
        for (Cell cell : model.cells()) {
            List<Object> row = Tables.axisValues(model, cell);
            Distribution distribution = found.get(cell);
            if (distribution == null) {
                row.add("missing");
                TABLE.forEach(_ -> row.add(""));
                row.add("");
                row.add("");
            } else {
                fill(row, distribution);
            }
            rows.add(row);
        }
        return new DataTable("latency", "Latency in nanoseconds, all valid runs merged", head, rows);
    }

    private static void fill(List<Object> row, Distribution distribution) {
        row.add(distribution.count());
        row.add(distribution.meanNs());
        for (double percentile : TABLE) {
            OptionalLong ns = distribution.percentileNs(percentile);
            row.add(ns.isPresent() ? (Object) ns.getAsLong() : "too few");
        }
        row.add(distribution.maxNs());
    }

    private static String seen(ReportModel model, Map<Cell, Distribution> found) {
        List<String> parts = new ArrayList<>();
        Point point = model.points().getFirst();
        for (String series : model.series()) {
            model.cell(point, series).map(found::get).ifPresent(distribution -> {
                OptionalLong p99 = distribution.percentileNs(99);
                parts.add("%s median %s%s"
                        .formatted(
                                series,
                                Numbers.duration(distribution.percentileNs(50).orElse(0)),
                                p99.isPresent() ? ", p99 " + Numbers.duration(p99.getAsLong()) : ""));
            });
        }
        String where = point.at().isEmpty() ? "" : "At " + point.label() + ": ";
        return parts.isEmpty() ? "The first panel has no valid run." : where + String.join("; ", parts) + ".";
    }

    /** A percentile as people write it. */
    static String name(double percentile) {
        return BigDecimal.valueOf(percentile)
                .round(new MathContext(DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }
}
