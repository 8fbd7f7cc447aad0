package ringside.reports.chart;

import java.util.List;
import java.util.Optional;
import ringside.reports.model.Cell;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** What a second of CPU time buys. */
final class IopsPerCpuSecond implements Chart {
    private static final String METRIC = "iops_per_cpu_second";

    @Override
    public Optional<ChartBlock> draw(ReportModel model) {
        DotPlot dots = new DotPlot(model, METRIC, "requests per CPU second", Numbers::si, Numbers::si);
        if (!dots.hasData()) {
            return Optional.empty();
        }
        return Optional.of(new ChartBlock(
                "cpu",
                "IOPS per CPU second",
                "Requests completed per second of CPU time of all threads of the measured process, the load's own"
                        + " threads included; further right is cheaper, which matters when cores are shared.",
                seen(model),
                Tables.legend(model),
                List.of(dots.plot("plot_cpu", List.of())),
                List.of(Tables.estimates(model, METRIC, "Requests per CPU second by configuration"))));
    }

    private static String seen(ReportModel model) {
        Extremes extremes = Extremes.of(model, METRIC);
        Cell best = extremes.highest();
        Cell worst = extremes.lowest();
        String cheapest = Tables.name(model, best) + " at "
                + best.estimate(METRIC).map(Numbers::si).orElse("");
        return best.equals(worst)
                ? "One configuration was measured: " + cheapest + "."
                : "Cheapest per request: %s; dearest: %s at %s."
                        .formatted(
                                cheapest,
                                Tables.name(model, worst),
                                worst.estimate(METRIC).map(Numbers::si).orElse(""));
    }
}
