package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.Verdict;
import ringside.reports.model.Comparisons;
import ringside.reports.model.Headline;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** The one figure of the first page: the ratio that the suite asks for at every point, with its interval. */
public final class RatioByPoint {
    /** Rows of a figure that still stands on the first page. */
    private static final int MOST = 16;

    private RatioByPoint() {}

    /** The figure; empty where no point has both sides. */
    public static Optional<Plot> draw(ReportModel model) {
        String contender = model.folder().compared().contender();
        Map<Point, Comparison> ratios = new LinkedHashMap<>();
        Comparisons.asked(model).forEach((point, comparison) -> {
            if (comparison.pairs() > 0) {
                ratios.put(point, comparison);
            }
        });
        if (ratios.isEmpty()) {
            return Optional.empty();
        }
        List<Map.Entry<Point, Comparison>> shown =
                ratios.size() <= MOST ? List.copyOf(ratios.entrySet()) : outermost(ratios);
        RatioAxis axis = new RatioAxis();
        Map<String, Object> trace = marks(shown, axis, contender, model.series().indexOf(contender));
        CellRows rows =
                new CellRows(shown.stream().map(entry -> entry.getKey().label()).toList());
        String baseline = model.folder().compared().baseline();
        String title = "IOPS of %s / IOPS of %s%s"
                .formatted(contender, baseline, shown.size() < ratios.size() ? ", the lowest and highest points" : "");
        return Optional.of(new Plot(
                "plot_answer",
                title,
                title + ", with 95 % intervals",
                rows.heightPx(),
                List.of(trace),
                rows.layout(
                        axis.axis("ratio (logarithmic); right of 1: " + contender + " is faster"),
                        RatioAxis.landmarks(0))));
    }

    /** Too many to read at once: the ends say most, the table below has all. */
    private static List<Map.Entry<Point, Comparison>> outermost(Map<Point, Comparison> ratios) {
        List<Map.Entry<Point, Comparison>> sorted = ratios.entrySet().stream()
                .sorted((a, b) ->
                        Double.compare(a.getValue().ratio(), b.getValue().ratio()))
                .toList();
        List<Map.Entry<Point, Comparison>> ends = new ArrayList<>(sorted.subList(0, MOST / 2));
        ends.addAll(sorted.subList(sorted.size() - MOST / 2, sorted.size()));
        return ends;
    }

    private static Map<String, Object> marks(
            List<Map.Entry<Point, Comparison>> shown, RatioAxis axis, String name, int series) {
        List<Double> x = new ArrayList<>();
        List<Integer> y = new ArrayList<>();
        List<Double> plus = new ArrayList<>();
        List<Double> minus = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Map.Entry<Point, Comparison> entry : shown) {
            Comparison found = entry.getValue();
            boolean bounded = found.verdict() != Verdict.TOO_FEW_RUNS;
            axis.include(found.ratio());
            if (bounded) {
                axis.includeBound(found.interval().low());
                axis.includeBound(found.interval().high());
            }
            x.add(found.ratio());
            y.add(y.size());
            plus.add(bounded ? found.interval().high() - found.ratio() : 0);
            minus.add(bounded ? found.ratio() - found.interval().low() : 0);
            texts.add("%s: %s%s".formatted(entry.getKey().label(), Headline.ratio(found), words(found.verdict())));
        }
        Map<String, Object> trace = ChartStyle.scatter(name, Math.max(0, series), "markers");
        trace.put("x", x);
        trace.put("y", y);
        Map<String, Object> bars = new LinkedHashMap<>(Map.of("type", "data", "symmetric", false));
        bars.putAll(Map.of("array", plus, "arrayminus", minus, "thickness", 1.6, "width", 4));
        trace.put("error_x", bars);
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case FASTER -> ", faster";
            case SLOWER -> ", slower";
            case NO_DIFFERENCE_SHOWN -> ", no difference shown";
            case TOO_FEW_RUNS -> "";
        };
    }
}
