package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.results.HistogramData;
import ringside.harness.results.RunResult;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.ScriptJson;
import ringside.reports.model.ReportModel;

/** Machine-readable copies of the numbers, so that a script can compare a page with the files it was made from. */
final class EmbeddedResults {
    private EmbeddedResults() {}

    /** Every finished run with all its numbers; only time series and encoded histograms stay in the files. */
    static String runs(ReportModel model) {
        List<Map<String, Object>> runs = new ArrayList<>();
        for (RunResult run : model.folder().results()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("cell", run.cell());
            entry.put("repetition", run.repetition());
            entry.put("order", run.order());
            entry.put("seed", run.seed());
            entry.put("status", run.status());
            entry.put("reason", run.reason());
            entry.put("axes", run.axes());
            entry.put("metrics", run.metrics());
            entry.put("histograms", histograms(run));
            entry.put("threadCpuNs", run.threadCpuNs());
            entry.put("checks", run.checks());
            runs.add(entry);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("schemaVersion", RunResult.SCHEMA_VERSION);
        root.put("suite", model.folder().suite());
        root.put("planned", model.folder().planned());
        root.put("compared", model.folder().compared());
        root.put("runs", runs);
        return ScriptJson.write(root);
    }

    /** The tables behind the charts, for the download buttons. */
    static String tables(List<ChartBlock> blocks) {
        Map<String, Object> tables = new LinkedHashMap<>();
        for (ChartBlock block : blocks) {
            block.tables()
                    .forEach(table -> tables.put(
                            block.id() + "-" + table.name(), Map.of("head", table.head(), "rows", table.rows())));
        }
        return ScriptJson.write(tables);
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
