package ringside.reports.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.trend.TrendChange;
import ringside.harness.trend.TrendPoint;
import ringside.reports.model.MetricText;
import ringside.reports.model.TrendModel;

/** Which cell changed at which point: a commit that hit many cells is a column of marks. */
final class ChangeMap {
    private static final int NAMES = 5;

    private final TrendModel model;
    private final List<TrendModel.Placed> changes;
    private final List<String> rows;

    ChangeMap(TrendModel model) {
        this.model = model;
        this.changes = model.changes();
        this.rows = changes.stream()
                .map(ChangeMap::row)
                .distinct()
                .limit(CellRows.MOST)
                .toList();
    }

    private static String row(TrendModel.Placed placed) {
        return placed.change().cell() + " · " + MetricText.name(placed.trend().metric());
    }

    Optional<ChartBlock> draw() {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        List<Map<String, Object>> traces = new ArrayList<>();
        List<LegendEntry> legend = new ArrayList<>();
        for (TrendChange.Kind kind : TrendChange.Kind.values()) {
            if (changes.stream().anyMatch(placed -> placed.change().kind() == kind)) {
                traces.add(marks(kind));
                legend.add(LegendEntry.of(kind.label(), HistoryAxis.series(kind)));
            }
        }
        CellRows cells = new CellRows(rows);
        Plot plot = new Plot(
                "plot_changes",
                "",
                "Changes of level by cell and point of the history",
                cells.heightPx() + 30,
                traces,
                cells.layout(HistoryAxis.of(model.points(), NAMES), List.of()));
        return Optional.of(new ChartBlock(
                "where",
                "Where the levels changed",
                "Each mark is the first point of a new level. A column of marks is one commit, or one change of the host,"
                        + " that hit several cells. Open marks are suspected: worth a repetition, no finding yet.",
                "%d changes in %d of %d cells and metrics."
                        .formatted(
                                changes.size(),
                                changes.stream().map(ChangeMap::row).distinct().count(),
                                model.trends().stream()
                                        .mapToInt(trend -> trend.cells().size())
                                        .sum()),
                legend,
                List.of(plot),
                List.of(table())));
    }

    private Map<String, Object> marks(TrendChange.Kind kind) {
        List<Integer> x = new ArrayList<>();
        List<Integer> y = new ArrayList<>();
        List<String> symbols = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (TrendModel.Placed placed : changes) {
            int row = rows.indexOf(row(placed));
            if (placed.change().kind() == kind && row >= 0) {
                x.add(model.points().indexOf(placed.after()));
                y.add(row);
                symbols.add(HistoryAxis.symbol(placed.change()));
                texts.add("%s: %s %s, %s, since %s"
                        .formatted(
                                row(placed),
                                kind.label(),
                                TrendModel.size(placed.change()),
                                TrendModel.sure(placed.change()),
                                placed.after().label()));
            }
        }
        Map<String, Object> trace = ChartStyle.scatter(kind.label(), HistoryAxis.series(kind), "markers");
        trace.put("x", x);
        trace.put("y", y);
        trace.put("marker", ChartStyle.mutable(Map.of("symbol", symbols, "size", 11)));
        ChartStyle.hover(trace, texts);
        return trace;
    }

    private DataTable table() {
        List<List<Object>> table = new ArrayList<>();
        for (TrendModel.Placed placed : changes) {
            TrendChange change = placed.change();
            TrendPoint before = placed.before();
            TrendPoint after = placed.after();
            table.add(List.of(
                    placed.trend().metric(),
                    change.cell(),
                    change.kind().label(),
                    TrendModel.sure(change),
                    change.ratio(),
                    change.interval().low(),
                    change.interval().high(),
                    change.z(),
                    before.revision(),
                    before.folder(),
                    after.revision(),
                    after.folder(),
                    after.startedAt(),
                    change.pointsAfter()));
        }
        return new DataTable(
                "changes",
                "every change, ratio of the new level to the old one with its 95 % interval",
                List.of(
                        "metric",
                        "cell",
                        "kind",
                        "sure",
                        "ratio",
                        "low",
                        "high",
                        "z",
                        "last revision before",
                        "last folder before",
                        "first revision after",
                        "first folder after",
                        "first after",
                        "points since"),
                table);
    }
}
