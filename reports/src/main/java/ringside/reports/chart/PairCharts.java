package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import ringside.harness.stats.FolderComparison;
import ringside.reports.model.PairModel;

/** The charts of a comparison. */
public final class PairCharts {
    private PairCharts() {}

    /** All charts in the order of a page: one of ratios per metric, every run, the distributions. */
    public static List<ChartBlock> of(PairModel model) {
        List<ChartBlock> blocks = new ArrayList<>();
        for (FolderComparison comparison : model.comparisons()) {
            blocks.add(new ForestPlot(model, comparison).draw());
        }
        new EveryRun(model, model.main()).draw().ifPresent(blocks::add);
        new LatencyOverlay(model).draw().ifPresent(blocks::add);
        return List.copyOf(blocks);
    }
}
