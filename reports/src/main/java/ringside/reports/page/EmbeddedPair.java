package ringside.reports.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.results.RunResult;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.ScriptJson;
import ringside.reports.model.PairModel;

/** The numbers of a comparison for scripts: what {@code ringside compare --format json} prints, and the tables. */
final class EmbeddedPair {
    private EmbeddedPair() {}

    static String of(PairModel model, List<ChartBlock> blocks) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("schemaVersion", RunResult.SCHEMA_VERSION);
        root.put("kind", "comparison");
        root.put("a", model.a().label());
        root.put("b", model.b().label());
        root.put("comparisons", model.comparisons());
        root.put("tables", EmbeddedResults.tables(blocks));
        return ScriptJson.write(root);
    }
}
