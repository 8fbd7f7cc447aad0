package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import ringside.harness.results.RunResult;
import ringside.reports.model.Cell;
import ringside.reports.model.Distribution;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** Where inside the stack a request's time goes, from sampled timelines, and beside it what the big lock costs. */
final class StageBreakdown implements Chart {
    private static final String PREFIX = "stage.";

    /** The stages in a request's order, with what they are; results name them in alphabetical order. */
    private static final Map<String, String> MEANING = meaning();

    private static Map<String, String> meaning() {
        Map<String, String> meaning = new LinkedHashMap<>();
        meaning.put("slat", "driver builds the request and publishes it");
        meaning.put("wake", "kick, wake-up and queueing until the device pops it");
        meaning.put("device", "parsing and block layer");
        meaning.put("plug", "waiting for its batch to be submitted");
        meaning.put("host", "engine and host");
        meaning.put("complete", "from the engine's completion to the used ring");
        meaning.put("return", "interrupt and wake-up of the driver");
        meaning.put("server", "the server, all in all");
        return meaning;
    }

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Map<Cell, Map<String, Distribution>> found = distributions(model, stages(model));
        Map<Cell, Map<String, Double>> means = means(found);
        if (means.isEmpty()) {
            return Optional.empty();
        }
        StageBars bars = new StageBars(model, List.copyOf(means.keySet()));
        List<LegendEntry> legend = new ArrayList<>();
        for (String stage : stages(model)) {
            String name = stage.substring(PREFIX.length());
            bars.add(
                    name,
                    MEANING.getOrDefault(name, name),
                    cell -> means.get(cell).getOrDefault(stage, 0.0));
            String label = MEANING.containsKey(name) ? name + ": " + MEANING.get(name) : name;
            legend.add(new LegendEntry(name, label, legend.size(), true, ""));
        }
        boolean locked = bars.addLockWait();
        if (locked) {
            legend.add(new LegendEntry(
                    StageBars.LOCK, "waiting for the big lock (all threads)", ChartStyle.NEUTRAL, true, ""));
        }
        return Optional.of(new ChartBlock(
                "stages",
                "Where the time goes",
                "The mean time of sampled requests in each stage, one after the other; means add up, medians would not."
                        + (locked
                                ? " The thin bar below is no stage: time that vCPUs and the main loop together waited for"
                                        + " the big lock, per request. It overlaps the stages, so it does not add to them."
                                : ""),
                seen(model, means),
                legend,
                List.of(bars.plot("plot_stages")),
                List.of(table(model, found))));
    }

    private static Set<String> stages(ReportModel model) {
        Set<String> found = new LinkedHashSet<>();
        for (RunResult run : model.folder().results()) {
            run.histograms().keySet().stream()
                    .filter(name -> name.startsWith(PREFIX))
                    .forEach(found::add);
        }
        Set<String> ordered = new LinkedHashSet<>();
        MEANING.keySet().stream().map(PREFIX::concat).filter(found::contains).forEach(ordered::add);
        ordered.addAll(found);
        return ordered;
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
        return "The largest single stage is %s: %s of the time at %s.%s"
                .formatted(largest, Numbers.percent(share), Tables.name(model, where), lock(model, means.keySet()));
    }

    private static String lock(ReportModel model, Set<Cell> cells) {
        double most = 0;
        String where = "";
        for (Cell cell : cells) {
            OptionalDouble wait = cell.lockWaitPerRequestNs();
            if (wait.isPresent() && wait.getAsDouble() > most) {
                most = wait.getAsDouble();
                where = Tables.name(model, cell);
            }
        }
        return where.isEmpty()
                ? ""
                : " Most waiting for the big lock: %s per request at %s.".formatted(Numbers.duration(most), where);
    }

    private static DataTable table(ReportModel model, Map<Cell, Map<String, Distribution>> found) {
        List<String> head = new ArrayList<>(Tables.axisNames(model));
        head.addAll(List.of("stage", "samples", "mean ns", "p50 ns", "p99 ns"));
        List<List<Object>> rows = new ArrayList<>();
        found.forEach((cell, stages) -> {
            stages.forEach((stage, times) ->
                    rows.add(row(model, cell, stage.substring(PREFIX.length()), times, times.meanNs())));
            cell.lockWaitPerRequestNs().ifPresent(wait -> {
                Distribution times = cell.distribution("lock_wait").orElseThrow();
                rows.add(
                        row(model, cell, StageBars.LOCK + ", per request (percentiles: per acquisition)", times, wait));
            });
        });
        return new DataTable("stages", "Time by stage, sampled requests of all valid runs merged", head, rows);
    }

    private static List<Object> row(ReportModel model, Cell cell, String name, Distribution times, double meanNs) {
        List<Object> row = Tables.axisValues(model, cell);
        row.add(name);
        row.add(times.count());
        row.add(meanNs);
        for (double percentile : List.of(50.0, 99.0)) {
            OptionalLong ns = times.percentileNs(percentile);
            row.add(ns.isPresent() ? (Object) ns.getAsLong() : "too few");
        }
        return row;
    }
}
