package ringside.reports.chart;

import java.util.List;

/**
 * A chart as a page shows it.
 *
 * @param id anchor, unique in a report
 * @param title heading
 * @param howToRead one sentence for who sees such a chart for the first time
 * @param seen what the data show, in a sentence made from them
 * @param legend what the marks stand for
 * @param plots panels, at least one
 * @param tables the numbers behind it
 */
public record ChartBlock(
        String id,
        String title,
        String howToRead,
        String seen,
        List<LegendEntry> legend,
        List<Plot> plots,
        List<DataTable> tables) {}
