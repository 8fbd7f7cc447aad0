package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import ringside.harness.results.RunResult;
import ringside.reports.model.Cell;
import ringside.reports.model.Distribution;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** Where inside the stack a request's time goes, from sampled timelines. */
final class StageBreakdown implements Chart {
    private static final String PREFIX = "stage.";
    private static final int ROW_PX = 34;
    private static final int FRAME_PX = 110;

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Set<String> stages = new LinkedHashSet<>();
        for (RunResult run : model.folder().results()) {
            run.histograms().keySet().stream()
                    .filter(name -> name.startsWith(PREFIX))
                    .forEach(stages::add);
        }
        Map<Cell, Map<String, Distribution>> found = distributions(model, stages);
        Map<Cell, Map<String, Double>> means = means(found);
        if (means.isEmpty()) {
            return Optional.empty();
        }
        List<Map<String, Object>> traces = new ArrayList<>();
        List<LegendEntry> legend = new ArrayList<>();
        for (String stage : stages) {
            String name = stage.substring(PREFIX.length());
            traces.add(bars(model, means, stage, name, traces.size()));
            legend.add(LegendEntry.of(name, legend.size()));
        }
        Plot plot = new Plot(
                "plot_stages",
                "",
                "Mean time in each stage by configuration",
                FRAME_PX + ROW_PX * means.size(),
                traces,
                layout());
        return Optional.of(new ChartBlock(
                "stages",
                "Where the time goes",
                "The mean time of sampled requests in each stage, one after the other; means add up, medians would not.",
                seen(model, means),
                legend,
                List.of(plot),
                List.of(table(model, found))));
    }

    private static Map<Cell, Map<String, Distribution>> distributions(ReportModel model, Set<String> stages) {
        Map<Cell, Map<String, Distribution>> result = new LinkedHashMap<>();
        for (Cell cell : model.cells()) {
            Map<String, Distribution> own = new LinkedHashMap<>();
            for (String stage : stages) {
                cell.distribution(stage).ifPresent(distribution -> own.put(stage, distribution));
            }
            if (!own.isEmpty()) {
                result.put(cell, own);
            }
        }
        result.values().parallelStream().flatMap(own -> own.values().stream()).forEach(Distribution::decode);
        return result;
    }

    private static Map<Cell, Map<String, Double>> means(Map<Cell, Map<String, Distribution>> found) {
        Map<Cell, Map<String, Double>> result = new LinkedHashMap<>();
        found.forEach((cell, stages) -> {
            Map<String, Double> own = new LinkedHashMap<>();
            stages.forEach((stage, distribution) -> own.put(stage, distribution.meanNs()));
            result.put(cell, own);
        });
        return result;
    }

    private static Map<String, Object> bars(
            ReportModel model, Map<Cell, Map<String, Double>> means, String stage, String name, int series) {
        List<Double> x = new ArrayList<>();
        List<String> y = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        means.forEach((cell, own) -> {
            double ns = own.getOrDefault(stage, 0.0);
            x.add(ns / 1000);
            y.add(PlotText.escape(Tables.name(model, cell)));
            texts.add("%s, %s: %s".formatted(Tables.name(model, cell), name, Numbers.duration(ns)));
        });
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "bar");
        trace.put("orientation", "h");
        trace.put("name", PlotText.escape(name));
        trace.put("meta", Map.of("series", series));
        trace.put("marker", ChartStyle.mutable(Map.of("pattern", Map.of("shape", pattern(series), "solidity", 0.25))));
        trace.put("x", x);
        trace.put("y", y);
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static String pattern(int series) {
        return List.of("", "/", "\\", "x", ".", "+", "-").get(Math.floorMod(series, ChartStyle.COLOURS));
    }

    private static Map<String, Object> layout() {
        Map<String, Object> y = ChartStyle.axis("");
        y.put("type", "category");
        y.put("autorange", "reversed");
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("barmode", "stack");
        layout.put("bargap", 0.35);
        layout.put("xaxis", ChartStyle.axis("mean time, µs"));
        layout.put("yaxis", y);
        layout.put("hovermode", "closest");
        return layout;
    }

    private static String seen(ReportModel model, Map<Cell, Map<String, Double>> means) {
        String largest = "";
        double share = 0;
        Cell where = means.keySet().iterator().next();
        for (Map.Entry<Cell, Map<String, Double>> cell : means.entrySet()) {
            double total = cell.getValue().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            for (Map.Entry<String, Double> stage : cell.getValue().entrySet()) {
                if (total > 0 && stage.getValue() / total > share) {
                    share = stage.getValue() / total;
                    largest = stage.getKey().substring(PREFIX.length());
                    where = cell.getKey();
                }
            }
        }
        return "The largest single stage is %s: %s of the time at %s."
                .formatted(largest, Numbers.percent(share), Tables.name(model, where));
    }

    private static DataTable table(ReportModel model, Map<Cell, Map<String, Distribution>> found) {
        List<String> head = new ArrayList<>(Tables.axisNames(model));
        head.addAll(List.of("stage", "samples", "mean ns", "p50 ns", "p99 ns"));
        List<List<Object>> rows = new ArrayList<>();
        found.forEach((cell, stages) -> stages.forEach((stage, distribution) -> {
            List<Object> row = Tables.axisValues(model, cell);
            row.add(stage.substring(PREFIX.length()));
            row.add(distribution.count());
            row.add(distribution.meanNs());
            for (double percentile : List.of(50.0, 99.0)) {
                OptionalLong ns = distribution.percentileNs(percentile);
                row.add(ns.isPresent() ? (Object) ns.getAsLong() : "too few");
            }
            rows.add(row);
        }));
        return new DataTable("stages", "Time by stage, sampled requests of all valid runs merged", head, rows);
    }
}
