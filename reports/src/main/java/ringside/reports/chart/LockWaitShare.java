package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import ringside.reports.model.Cell;
import ringside.reports.model.Distribution;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** How much time threads spent waiting for the big lock, and how long they held it. */
final class LockWaitShare implements Chart {
    private static final String METRIC = "lock_wait_share";
    private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.9);

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        DotPlot dots = new DotPlot(
                model, METRIC, "share of time", estimate -> Numbers.percent(estimate.median()), Numbers::percent);
        if (!dots.hasData()) {
            return Optional.empty();
        }
        Plot plot = dots.plot("plot_lock", List.of());
        percentAxis(plot);
        List<DataTable> tables = new ArrayList<>();
        tables.add(Tables.estimates(model, METRIC, "Share of thread time spent waiting for the big lock (1 = all)"));
        DataTable times = times(model);
        if (!times.rows().isEmpty()) {
            tables.add(times);
        }
        return Optional.of(new ChartBlock(
                "lock",
                "Waiting for the big lock",
                "The share of the measured time that vCPUs and the main loop together spent waiting for the big lock;"
                        + " 0 means that nobody waited, and time waited is time not spent on requests.",
                seen(model),
                Tables.legend(model),
                List.of(plot),
                tables));
    }

    private static void percentAxis(Plot plot) {
        if (plot.layout().get("xaxis") instanceof Map<?, ?> axis) {
            Map<String, Object> copy = new LinkedHashMap<>();
            axis.forEach((key, value) -> copy.put(String.valueOf(key), value));
            copy.put("tickformat", ".1~%");
            copy.putIfAbsent("rangemode", "tozero");
            plot.layout().put("xaxis", copy);
        }
    }

    private static String seen(ReportModel model) {
        Extremes extremes = Extremes.of(model, METRIC);
        return "Most waiting: %s, %s; least: %s, %s."
                .formatted(
                        Tables.name(model, extremes.highest()),
                        share(extremes.highest()),
                        Tables.name(model, extremes.lowest()),
                        share(extremes.lowest()));
    }

    private static String share(Cell cell) {
        return cell.estimate(METRIC)
                .map(estimate -> Numbers.percent(estimate.median()))
                .orElse("");
    }

    private static DataTable times(ReportModel model) {
        List<String> head = new ArrayList<>(Tables.axisNames(model));
        head.add("time");
        head.add("acquisitions");
        PERCENTILES.forEach(p -> head.add("p" + PercentileCurves.name(p) + " ns"));
        head.add("max ns");
        List<List<Object>> rows = new ArrayList<>();
        for (Cell cell : model.cells()) {
            for (String histogram : List.of("lock_wait", "lock_hold")) {
                cell.distribution(histogram).ifPresent(found -> rows.add(row(model, cell, histogram, found)));
            }
        }
        return new DataTable("lock-times", "Waiting for and holding the big lock, all valid runs merged", head, rows);
    }

    private static List<Object> row(ReportModel model, Cell cell, String histogram, Distribution times) {
        List<Object> row = Tables.axisValues(model, cell);
        row.add(histogram.equals("lock_wait") ? "wait" : "hold");
        row.add(times.count());
        for (double percentile : PERCENTILES) {
            OptionalLong ns = times.percentileNs(percentile);
            row.add(ns.isPresent() ? (Object) ns.getAsLong() : "too few");
        }
        row.add(times.maxNs());
        return row;
    }
}
