package ringside.reports.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.Compared;
import ringside.harness.results.RunResult;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.SuiteComparison;

/** The comparisons a report states, all in IOPS and all against the suite's baseline. */
public final class Comparisons {
    private static final String METRIC = "iops";
    private static final String DRIVER = "driver";

    private Comparisons() {}

    /** Contender against baseline over all cells, by backing driver where there are several. */
    public static Map<String, Comparison> headline(ReportModel model) {
        Map<String, Comparison> result = new LinkedHashMap<>();
        Compared compared = model.folder().compared();
        List<RunResult> results = model.folder().results();
        Optional<Axis> drivers =
                model.varyingAxis(DRIVER).filter(axis -> !axis.name().equals(compared.axis()));
        if (drivers.isEmpty()) {
            String driver = model.constants().getOrDefault(DRIVER, "");
            result.put(driver, suite(model, compared).overall());
            return result;
        }
        for (String driver : drivers.get().values()) {
            List<RunResult> own = results.stream()
                    .filter(run -> driver.equals(run.axes().get(DRIVER)))
                    .toList();
            result.put(driver, SuiteComparison.of(own, compared, METRIC).overall());
        }
        return result;
    }

    /** The suite's contender against its baseline, by point; empty where the suite does not run both. */
    public static Map<Point, Comparison> asked(ReportModel model) {
        Compared compared = model.folder().compared();
        return contenders(model).contains(compared.contender())
                        && model.series().contains(compared.baseline())
                ? byPoint(model, compared)
                : Map.of();
    }

    private static Map<Point, Comparison> byPoint(ReportModel model, Compared pair) {
        Map<Point, Comparison> found = new LinkedHashMap<>();
        suite(model, pair).cells().forEach(cell -> found.put(pointOf(model, cell), cell));
        Map<Point, Comparison> ordered = new LinkedHashMap<>();
        model.points().stream().filter(found::containsKey).forEach(point -> ordered.put(point, found.get(point)));
        return ordered;
    }

    private static SuiteComparison suite(ReportModel model, Compared pair) {
        return model.judgements()
                .of(pair, () -> SuiteComparison.of(model.folder().results(), pair, METRIC));
    }

    /** Each value of the compared axis but the baseline, by point. */
    public static Map<Point, Map<String, Comparison>> matrix(ReportModel model) {
        Map<Point, Map<String, Comparison>> result = new LinkedHashMap<>();
        model.points().forEach(point -> result.put(point, new LinkedHashMap<>()));
        for (String value : contenders(model)) {
            Compared pair =
                    new Compared(model.comparedAxis(), model.folder().compared().baseline(), value);
            byPoint(model, pair)
                    .forEach((point, cell) ->
                            Optional.ofNullable(result.get(point)).ifPresent(row -> row.put(value, cell)));
        }
        return result;
    }

    /** Values of the compared axis without the baseline, in order of the suite. */
    public static List<String> contenders(ReportModel model) {
        List<String> values = new ArrayList<>(model.series());
        values.remove(model.folder().compared().baseline());
        values.remove("");
        return values;
    }

    private static Point pointOf(ReportModel model, Comparison comparison) {
        Map<String, String> at = new LinkedHashMap<>();
        for (Axis axis : model.axes()) {
            if (axis.varies() && !axis.name().equals(model.comparedAxis())) {
                at.put(axis.name(), comparison.at().getOrDefault(axis.name(), ""));
            }
        }
        return new Point(at);
    }
}
