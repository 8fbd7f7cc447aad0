package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.spi.Reference;
import ringside.reports.model.Cell;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** IOPS of every configuration, with published figures beside them where the reader asked for some. */
final class IopsByConfiguration implements Chart {
    private static final String METRIC = "iops";

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        DotPlot dots = new DotPlot(model, METRIC, "IOPS", Numbers::si, Numbers::si);
        List<Map<String, Object>> lines = new ArrayList<>();
        List<LegendEntry> legend = new ArrayList<>(Tables.legend(model));
        for (Reference reference : model.references()) {
            lines.add(line(model, reference));
            legend.add(new LegendEntry(
                    name(model, reference),
                    mark(model, reference) + " other system, other hardware: " + reference.label(),
                    ChartStyle.NEUTRAL,
                    true,
                    "%s IOPS, %s. Source: %s"
                            .formatted(HoverText.exact(reference.iops()), reference.system(), reference.source())));
        }
        return Optional.of(new ChartBlock(
                "iops",
                "IOPS by configuration",
                "Each large mark is the median of a configuration's runs, the bar its 95 % interval (below six runs: the range of the runs), each small tick one"
                        + " run; further right is better, and bars that overlap do not settle which is better.",
                seen(model),
                legend,
                List.of(dots.plot("plot_iops", lines)),
                List.of(Tables.estimates(model, METRIC, "IOPS (1/s) by configuration"))));
    }

    /** Told apart from a series of the same name. */
    private static String name(ReportModel model, Reference reference) {
        return mark(model, reference) + " published: " + reference.label();
    }

    private static String mark(ReportModel model, Reference reference) {
        return "[" + (model.references().indexOf(reference) + 1) + "]";
    }

    /** Neighbours have their marks on different sides, because lines may be close. */
    private static String side(ReportModel model, Reference reference) {
        long below = model.references().stream()
                .filter(other -> other.iops() < reference.iops())
                .count();
        return below % 2 == 0 ? "top left" : "top right";
    }

    private static Map<String, Object> line(ReportModel model, Reference reference) {
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("type", "scatter");
        trace.put("mode", "lines+text");
        trace.put("text", List.of(mark(model, reference), ""));
        trace.put("textposition", side(model, reference));
        trace.put("cliponaxis", false);
        trace.put("name", PlotText.escape(name(model, reference)));
        trace.put("meta", Map.of("series", ChartStyle.NEUTRAL));
        trace.put("x", List.of(reference.iops(), reference.iops()));
        trace.put("y", List.of(-0.5, model.points().size() - 0.5));
        trace.put("line", ChartStyle.mutable(Map.of("dash", "dot", "width", 1.5)));
        String text = "%s: %s IOPS\n%s\n%s"
                .formatted(
                        name(model, reference),
                        HoverText.exact(reference.iops()),
                        reference.system(),
                        reference.source());
        ChartStyle.hover(trace, List.of(text, text));
        return trace;
    }

    private static String seen(ReportModel model) {
        long measured = model.cells().stream()
                .filter(cell -> cell.estimate(METRIC).isPresent())
                .count();
        if (measured == 0) {
            return "No configuration has a valid run yet.";
        }
        long missing = model.cells().size() - measured;
        String gaps = missing == 0 ? "" : " " + missing + " of " + model.cells().size() + " have no valid run.";
        Extremes extremes = Extremes.of(model, METRIC);
        return measured == 1
                ? "One configuration was measured: " + words(model, extremes.highest()) + "." + gaps
                : "Highest: %s; lowest: %s.%s"
                        .formatted(words(model, extremes.highest()), words(model, extremes.lowest()), gaps);
    }

    private static String words(ReportModel model, Cell cell) {
        return Tables.name(model, cell) + " with "
                + cell.estimate(METRIC).map(Numbers::si).orElse("none") + " IOPS";
    }
}
