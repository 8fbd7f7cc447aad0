package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import ringside.harness.trend.Trend;
import ringside.reports.model.TrendModel;

/** The charts of a history. */
public final class TrendCharts {
    private TrendCharts() {}

    /** Where the changes are, then the cells over time, metric by metric. */
    public static List<ChartBlock> of(TrendModel model) {
        List<ChartBlock> blocks = new ArrayList<>();
        new ChangeMap(model).draw().ifPresent(blocks::add);
        for (Trend trend : model.trends()) {
            blocks.add(new TrendPanels(model, trend).draw());
        }
        return List.copyOf(blocks);
    }
}
