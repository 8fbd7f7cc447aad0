package ringside.reports.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.harness.results.HistogramData;
import ringside.harness.results.RunResult;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.ScriptJson;
import ringside.reports.model.Cell;
import ringside.reports.model.ReportModel;

/** Machine-readable copies of the numbers, so that a script can compare a page with the files it was made from. */
final class EmbeddedResults {
    /** From here on a page has only what it can draw. */
    private static final int MANY_RUNS = 600;

    private EmbeddedResults() {}

    /**
     * Every finished run with its metrics and distributions, and the tables behind the charts; time series, encoded
     * histograms and the text of passed checks stay in the files. Of very many runs only what can be drawn, so that the
     * page stays small enough to send.
     */
    static String of(ReportModel model, List<ChartBlock> blocks) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("schemaVersion", RunResult.SCHEMA_VERSION);
        root.put("suite", model.folder().suite());
        root.put("planned", model.folder().planned());
        root.put("compared", model.folder().compared());
        root.put("axes", model.axes());
        root.put("metrics", metrics(model));
        boolean all = isComplete(model);
        root.put("complete", all);
        root.put("commands", commands(model));
        root.put(
                "runs",
                model.folder().results().stream().map(run -> run(run, all)).toList());
        root.put("tables", tables(blocks));
        return ScriptJson.write(root);
    }

    /** Whether a page has every metric and distribution of its runs. */
    static boolean isComplete(ReportModel model) {
        return model.folder().results().size() < MANY_RUNS;
    }

    /** What a number of this name is, once for all runs. */
    private static Map<String, Object> metrics(ReportModel model) {
        Map<String, Object> metrics = new TreeMap<>();
        for (RunResult run : model.folder().results()) {
            run.metrics()
                    .forEach((name, metric) ->
                            metrics.putIfAbsent(name, Map.of("unit", metric.unit(), "better", metric.better())));
        }
        return metrics;
    }

    private static Map<String, String> commands(ReportModel model) {
        Map<String, String> commands = new LinkedHashMap<>();
        model.folder().results().forEach(run -> commands.putIfAbsent(run.cell(), run.command()));
        return commands;
    }

    private static Map<String, Object> run(RunResult run, boolean all) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("cell", run.cell());
        entry.put("repetition", run.repetition());
        entry.put("order", run.order());
        entry.put("seed", run.seed());
        entry.put("status", run.status());
        entry.put("reason", run.reason());
        entry.put("axes", run.axes());
        Map<String, Object> values = new LinkedHashMap<>();
        run.metrics().forEach((name, metric) -> {
            if (all || Cell.DRAWN.contains(name)) {
                values.put(name, metric.value());
            }
        });
        entry.put("metrics", values);
        if (all) {
            entry.put("histograms", histograms(run));
            entry.put("threadCpuNs", run.threadCpuNs());
        }
        entry.put(
                "failedChecks",
                run.checks().stream().filter(check -> !check.passed()).toList());
        return entry;
    }

    /** For the download buttons. */
    static Map<String, Object> tables(List<ChartBlock> blocks) {
        Map<String, Object> tables = new LinkedHashMap<>();
        for (ChartBlock block : blocks) {
            block.tables()
                    .forEach(table -> tables.put(
                            block.id() + "-" + table.name(), Map.of("head", table.head(), "rows", table.rows())));
        }
        return tables;
    }

    private static Map<String, Object> histograms(RunResult run) {
        Map<String, Object> result = new LinkedHashMap<>();
        run.histograms().forEach((name, data) -> result.put(name, figures(data)));
        return result;
    }

    private static Map<String, Object> figures(HistogramData data) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("unit", data.unit());
        figures.put("count", data.count());
        figures.put("min", data.min());
        figures.put("max", data.max());
        figures.put("mean", data.mean());
        figures.put("stddev", data.stddev());
        figures.put("percentiles", data.percentiles());
        return figures;
    }
}
