package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.Verdict;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Comparisons;
import ringside.reports.model.Estimate;
import ringside.reports.model.Headline;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** IOPS over two axes that count or measure something, a panel per series on one scale, and the ratio asked for. */
final class HeatMap implements Chart {
    private static final String METRIC = "iops";
    private static final int FEWEST_FIELDS = 6;
    private static final int MOST_TEXTS = 15;
    private static final int ROW_PX = 34;
    private static final int FRAME_PX = 110;

    /** Light enough for black text everywhere: at least 7 to 1, in both themes. */
    private static final List<List<Object>> SEQUENTIAL = List.of(List.of(0, "#f7f7f7"), List.of(1, "#56a5d8"));

    /** Orange is slower, blue is faster, as everywhere on the page. */
    private static final List<List<Object>> DIVERGING =
            List.of(List.of(0, "#f0995a"), List.of(0.5, "#f7f7f7"), List.of(1, "#56a5d8"));

    private static final String TEXT = "#111111";

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        List<Axis> axes = model.axes().stream()
                .filter(axis -> axis.varies() && !axis.name().equals(model.comparedAxis()))
                .toList();
        if (axes.size() != 2
                || !axes.stream().allMatch(Axis::isOrdered)
                || axes.get(0).values().size() * axes.get(1).values().size() < FEWEST_FIELDS
                || model.cells().stream()
                        .noneMatch(cell -> cell.estimate(METRIC).isPresent())) {
            return Optional.empty();
        }
        // More values lie along x, where there is more room.
        boolean turned = axes.get(0).values().size() > axes.get(1).values().size();
        return Optional.of(block(model, axes.get(turned ? 0 : 1), axes.get(turned ? 1 : 0)));
    }

    private static ChartBlock block(ReportModel model, Axis x, Axis y) {
        Map<Point, Comparison> ratios = new LinkedHashMap<>(Comparisons.asked(model));
        ratios.values().removeIf(comparison -> comparison.pairs() == 0);
        List<Plot> plots = new ArrayList<>();
        for (String series : model.series()) {
            plots.add(plot(
                    "plot_heat_" + plots.size(),
                    "IOPS" + (series.isEmpty() ? "" : ", " + series),
                    x,
                    y,
                    levels(model, x, y, series)));
        }
        if (!ratios.isEmpty()) {
            String title = model.folder().compared().contender() + " / "
                    + model.folder().compared().baseline();
            plots.add(plot("plot_heat_" + plots.size(), title, x, y, ratioField(model, x, y, ratios)));
        }
        return new ChartBlock(
                "heat",
                "IOPS by " + y.name() + " and " + x.name(),
                "Each field is the median of one configuration; all IOPS panels share one scale, from the smallest median"
                        + " to the largest, and an empty field has no valid run."
                        + (ratios.isEmpty()
                                ? ""
                                : " In the ratio blue is faster, orange slower, and paper is 1; ? has too few runs, = shows no"
                                        + " difference."),
                seen(model, ratios),
                List.of(),
                plots,
                List.of(Tables.estimates(model, METRIC, "IOPS (1/s) by configuration")));
    }

    private static Map<String, Object> levels(ReportModel model, Axis x, Axis y, String series) {
        Extremes extremes = Extremes.of(model, METRIC);
        Function<Point, Optional<Cell>> cell = point -> model.cell(point, series);
        Map<String, Object> trace = trace(
                x,
                y,
                point -> cell.apply(point)
                        .flatMap(found -> found.estimate(METRIC))
                        .map(Estimate::median),
                point -> cell.apply(point)
                        .flatMap(found -> found.estimate(METRIC))
                        .map(estimate -> Numbers.si(estimate.median(), 3))
                        .orElse(""),
                point -> cell.apply(point)
                        .flatMap(found -> found.estimate(METRIC)
                                .map(estimate ->
                                        HoverText.estimate(model, found, estimate, Numbers.si(estimate), "IOPS")))
                        .orElse(""));
        trace.put("colorscale", SEQUENTIAL);
        trace.put("zmin", median(extremes.lowest()));
        trace.put("zmax", median(extremes.highest()));
        return trace;
    }

    private static double median(Cell cell) {
        return cell.estimate(METRIC).map(Estimate::median).orElse(0.0);
    }

    /** On a logarithmic scale, where twice and half are as far from 1. */
    private static Map<String, Object> ratioField(ReportModel model, Axis x, Axis y, Map<Point, Comparison> ratios) {
        double most = 0.1;
        for (Comparison comparison : ratios.values()) {
            double distance = Math.abs(Math.log10(comparison.ratio()));
            most = Double.isFinite(distance) ? Math.max(most, distance) : most;
        }
        Function<Point, Optional<Comparison>> at = point -> Optional.ofNullable(ratios.get(point));
        Map<String, Object> trace = trace(
                x,
                y,
                point -> at.apply(point).map(comparison -> Math.log10(comparison.ratio())),
                point -> at.apply(point)
                        .map(found -> Numbers.ratio(found.ratio()) + "x" + mark(found.verdict()))
                        .orElse(""),
                point -> at.apply(point)
                        .map(found -> point.label() + "\n" + Headline.ratio(found) + "\n" + found.pairs()
                                + " pairs of runs, exactly " + HoverText.exact(found.ratio()))
                        .orElse(""));
        trace.put("colorscale", DIVERGING);
        trace.put("zmin", -most);
        trace.put("zmax", most);
        return trace;
    }

    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case FASTER, SLOWER -> "";
            case NO_DIFFERENCE_SHOWN -> " =";
            case TOO_FEW_RUNS -> " ?";
        };
    }

    private static Map<String, Object> trace(
            Axis x,
            Axis y,
            Function<Point, Optional<Double>> value,
            Function<Point, String> text,
            Function<Point, String> hover) {
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "heatmap");
        trace.put("meta", Map.of("themed", true));
        trace.put("x", places(x));
        trace.put("y", places(y));
        trace.put("z", field(x, y, point -> value.apply(point).orElse(null)));
        trace.put("text", field(x, y, text::apply));
        trace.put("texttemplate", x.values().size() <= MOST_TEXTS ? "%{text}" : "");
        trace.put("textfont", Map.of("color", TEXT));
        trace.put("customdata", field(x, y, point -> PlotText.lines(hover.apply(point))));
        trace.put("hovertemplate", "%{customdata}<extra></extra>");
        trace.put("hoverongaps", false);
        trace.put("xgap", 2);
        trace.put("ygap", 2);
        trace.put("showscale", false);
        return trace;
    }

    /** Rows of y, values of x; the axes of a point come in order of the suite. */
    private static List<List<Object>> field(Axis x, Axis y, Function<Point, Object> value) {
        List<List<Object>> rows = new ArrayList<>();
        for (String row : y.values()) {
            List<Object> fields = new ArrayList<>();
            for (String column : x.values()) {
                fields.add(value.apply(new Point(Map.of(x.name(), column, y.name(), row))));
            }
            rows.add(fields);
        }
        return rows;
    }

    private static List<Integer> places(Axis axis) {
        List<Integer> places = new ArrayList<>();
        axis.values().forEach(_ -> places.add(places.size()));
        return places;
    }

    private static Plot plot(String id, String title, Axis x, Axis y, Map<String, Object> trace) {
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("xaxis", axis(x));
        layout.put("yaxis", axis(y));
        layout.put("hovermode", "closest");
        String description = title + " by " + y.name() + " and " + x.name();
        return new Plot(id, title, description, FRAME_PX + ROW_PX * y.values().size(), List.of(trace), layout);
    }

    private static Map<String, Object> axis(Axis axis) {
        Map<String, Object> result = ChartStyle.axis(axis.name());
        result.put("tickvals", places(axis));
        result.put("ticktext", axis.values().stream().map(PlotText::escape).toList());
        result.put("showgrid", false);
        result.put("zeroline", false);
        return result;
    }

    private static String seen(ReportModel model, Map<Point, Comparison> ratios) {
        if (ratios.size() < 2) {
            Extremes extremes = Extremes.of(model, METRIC);
            return "Highest: %s with %s IOPS; lowest: %s with %s."
                    .formatted(
                            Tables.name(model, extremes.highest()),
                            Numbers.si(median(extremes.highest())),
                            Tables.name(model, extremes.lowest()),
                            Numbers.si(median(extremes.lowest())));
        }
        Map.Entry<Point, Comparison> least = ratios.entrySet().iterator().next();
        Map.Entry<Point, Comparison> most = least;
        for (Map.Entry<Point, Comparison> entry : ratios.entrySet()) {
            least = entry.getValue().ratio() < least.getValue().ratio() ? entry : least;
            most = entry.getValue().ratio() > most.getValue().ratio() ? entry : most;
        }
        return "%s / %s is largest at %s, %s, and smallest at %s, %s."
                .formatted(
                        model.folder().compared().contender(),
                        model.folder().compared().baseline(),
                        most.getKey().label(),
                        Headline.ratio(most.getValue()),
                        least.getKey().label(),
                        Headline.ratio(least.getValue()));
    }
}
