package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/**
 * IOPS along one axis, one line per series, one panel per combination of the remaining axes. What has no order (cache
 * modes) is not joined to a line.
 */
final class IopsByAxis implements Chart {
    private static final String METRIC = "iops";
    private static final String NULL = "null";

    private final String axisName;
    private final String title;
    private final boolean ordered;

    /** An axis whose values are steps of a quantity, such as a size. */
    static IopsByAxis ordered(String axisName, String title) {
        return new IopsByAxis(axisName, title, true);
    }

    /** An axis whose values are names. */
    static IopsByAxis named(String axisName, String title) {
        return new IopsByAxis(axisName, title, false);
    }

    private IopsByAxis(String axisName, String title, boolean ordered) {
        this.axisName = axisName;
        this.title = title;
        this.ordered = ordered;
    }

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        Optional<Axis> axis = model.varyingAxis(axisName);
        if (axis.isEmpty() || axisName.equals(model.comparedAxis()) || !says(axis.get())) {
            return Optional.empty();
        }
        AxisPanels panels = AxisPanels.of(model, axis.get());
        List<Plot> plots = new ArrayList<>();
        for (Point panel : panels.panels()) {
            plots.add(new AxisPanelPlot(model, panels, panel, ordered)
                    .plot("plot_by_" + slug() + "_" + plots.size(), title));
        }
        return Optional.of(new ChartBlock(
                "by-" + axisName,
                title,
                how(model),
                ordered ? course(model, panels) : highest(model, panels),
                Tables.legend(model),
                plots,
                List.of(Tables.estimates(model, METRIC, "IOPS (1/s) by configuration"))));
    }

    /** A disk without storage is no format: beside one format alone there is nothing to choose. */
    private static boolean says(Axis axis) {
        return !axis.name().equals("driver")
                || axis.values().stream().filter(value -> !value.equals(NULL)).count() > 1;
    }

    private String slug() {
        return axisName.replaceAll("[^A-Za-z0-9]", "_");
    }

    private String how(ReportModel model) {
        String what = ordered ? "Each line is one value of " : "Each mark is one value of ";
        String series = model.series().size() > 1 ? what + model.comparedAxis() + ", the" : "Marks are medians, the";
        return series + " bars are 95 % intervals of the median (below six runs: the range of the runs), small ticks"
                + " single runs; "
                + (ordered
                        ? "a line that stays flat where another rises has met a limit. Rule of the sentence: median at the"
                                + " last value and at the first, and their ratio."
                        : "rows of marks at one height mean that it does not matter. Rule of the sentence: the largest"
                                + " median of those that differ in " + axisName
                                + " alone; clear where its bar lies above all their bars.");
    }

    private String course(ReportModel model, AxisPanels panels) {
        Point panel = panels.panels().getFirst();
        String first = panels.axis().values().getFirst();
        String last = panels.axis().values().getLast();
        List<String> parts = new ArrayList<>();
        for (String series : model.series()) {
            Optional<Estimate> from = estimate(panels, panel, first, series);
            Optional<Estimate> to = estimate(panels, panel, last, series);
            if (from.isPresent() && to.isPresent() && from.get().median() > 0) {
                parts.add("%s%s to %s IOPS (%sx)"
                        .formatted(
                                series.isEmpty() ? "" : series + " ",
                                Numbers.si(from.get()),
                                Numbers.si(to.get()),
                                Numbers.ratio(to.get().median() / from.get().median())));
            }
        }
        String where = panel.at().isEmpty() ? "" : " (" + panel.label() + ")";
        return parts.isEmpty()
                ? "Not enough configurations have finished to see a course."
                : "From %s %s to %s%s: %s.".formatted(axisName, first, last, where, String.join("; ", parts));
    }

    /** How often each value is the highest of those beside it, and how often clearly. */
    private String highest(ReportModel model, AxisPanels panels) {
        Ranking ranking = new Ranking(panels.axis().values());
        for (Point panel : panels.panels()) {
            for (String series : model.series()) {
                ranking.add(value -> estimate(panels, panel, value, series));
            }
        }
        return ranking.sentence(axisName);
    }

    private static Optional<Estimate> estimate(AxisPanels panels, Point panel, String step, String series) {
        return panels.cell(panel, step, series).flatMap((Cell cell) -> cell.estimate(METRIC));
    }
}
