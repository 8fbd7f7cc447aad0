package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ringside.harness.results.RunResult;
import ringside.harness.trend.CellTrend;
import ringside.harness.trend.Trend;
import ringside.harness.trend.TrendChange;
import ringside.harness.trend.TrendPoint;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.DataTable;
import ringside.reports.chart.Figures;
import ringside.reports.chart.ScriptJson;
import ringside.reports.chart.TrendCharts;
import ringside.reports.model.MetricText;
import ringside.reports.model.Numbers;
import ringside.reports.model.TrendModel;

/** The report of a history of results folders. */
public final class TrendPage implements Paper {
    private static final int PLACES = 50;

    private static final String NOTE =
            "Levels and changes are those of ringside trend: steps in the logarithms that noise"
                    + " with a memory does not explain. A confirmed change also holds for one who looks after every commit; a"
                    + " suspected one is found by chance in at most 1 of 100 cells without a change.";

    private final TrendModel model;
    private final Supplier<String> plotlyGzipBase64;

    /**
     * A page.
     *
     * @param plotlyGzipBase64 the plot library, gzipped, in base64; asked for by {@link #html} only
     */
    public TrendPage(TrendModel model, Supplier<String> plotlyGzipBase64) {
        this.model = model;
        this.plotlyGzipBase64 = plotlyGzipBase64;
    }

    @Override
    public String html() {
        List<ChartBlock> blocks = TrendCharts.of(model);
        List<PageFrame.Link> links = new ArrayList<>();
        links.add(new PageFrame.Link("verdict", "Verdict"));
        links.add(new PageFrame.Link("changes", "Changes"));
        blocks.forEach(block -> links.add(new PageFrame.Link(block.id(), block.title())));
        links.add(new PageFrame.Link("history", "The history"));
        PageFrame frame = new PageFrame(title(), subtitle(), links, plotlyGzipBase64.get());
        Html html = new Html();
        frame.begin(html);
        verdict(html);
        changes(html);
        ChartSection charts = new ChartSection(Figures.standard());
        blocks.forEach(block -> charts.write(html, block));
        history(html);
        frame.end(html, List.of(NOTE), blocks, embedded(blocks));
        return html.toString();
    }

    private String embedded(List<ChartBlock> blocks) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("schemaVersion", RunResult.SCHEMA_VERSION);
        root.put("kind", "history");
        root.put("trends", model.trends());
        root.put("tables", EmbeddedResults.tables(blocks));
        return ScriptJson.write(root);
    }

    @Override
    public String markdown() {
        Markdown text =
                new Markdown().heading(1, title()).strong(model.sentence()).bullets(model.warnings());
        List<List<Object>> rows = new ArrayList<>();
        for (TrendModel.Placed placed : model.changes()) {
            rows.add(List.of(
                    MetricText.name(placed.trend().metric()),
                    placed.change().cell(),
                    placed.change().kind().label() + " " + TrendModel.size(placed.change()),
                    TrendModel.sure(placed.change()),
                    placed.before().label(),
                    placed.after().label(),
                    others(placed.change())));
        }
        if (!rows.isEmpty()) {
            text.heading(2, "Changes")
                    .table(
                            List.of("metric", "cell", "change", "sure", "last before", "first after", "also changed"),
                            rows);
        }
        for (Trend trend : model.trends()) {
            text.heading(2, MetricText.name(trend.metric()))
                    .table(List.of("cell", "points", "latest level", "scatter", "changes"), levels(trend));
        }
        return text.paragraph(NOTE).toString();
    }

    private static List<List<Object>> levels(Trend trend) {
        List<List<Object>> rows = new ArrayList<>();
        for (CellTrend cell : trend.cells()) {
            rows.add(List.of(
                    cell.cell(),
                    cell.points(),
                    cell.levels().isEmpty()
                            ? "—"
                            : MetricText.value(cell.levels().getLast(), trend.unit()),
                    Numbers.percent(cell.scatter()),
                    cell.changes().size()));
        }
        return rows;
    }

    /** Every value: one line per metric, cell and point. */
    @Override
    public DataTable numbers() {
        List<List<Object>> rows = new ArrayList<>();
        for (Trend trend : model.trends()) {
            for (CellTrend cell : trend.cells()) {
                values(rows, trend, cell);
            }
        }
        return new DataTable(
                "history",
                "every value",
                List.of("metric", "unit", "cell", "folder", "revision", "started", "value", "level", "change"),
                rows);
    }

    private static void values(List<List<Object>> rows, Trend trend, CellTrend cell) {
        int level = 0;
        for (int i = 0; i < cell.points(); i++) {
            String change = "";
            if (level < cell.changes().size()
                    && i == TrendModel.firstOfNewLevel(cell, cell.changes().get(level))) {
                TrendChange begun = cell.changes().get(level);
                change = begun.kind().label() + ", " + TrendModel.sure(begun);
                level++;
            }
            TrendPoint point = trend.history().get(cell.at().get(i));
            rows.add(List.of(
                    trend.metric(),
                    trend.unit(),
                    cell.cell(),
                    point.folder(),
                    point.revision(),
                    point.startedAt(),
                    cell.values().get(i),
                    cell.levels().get(level),
                    change));
        }
    }

    private String title() {
        return "Trend of suite " + model.main().suite();
    }

    private String subtitle() {
        Trend main = model.main();
        return "Ringside · %d points from %s to %s · %d cells"
                .formatted(
                        main.points(), main.first(), main.last(), main.cells().size());
    }

    private void verdict(Html html) {
        String look = model.verdict()
                .map(kind -> switch (kind) {
                    case REGRESSED -> "slower";
                    case IMPROVED -> "faster";
                    case CHANGED -> "no-difference-shown";
                })
                .orElse("no-difference-shown");
        html.raw("<section id=\"verdict\" class=\"verdict " + look + "\">\n");
        html.element("h2", "class=\"kicker\"", "Verdict");
        html.element("p", "class=\"sentence\"", model.sentence());
        model.warnings().forEach(warning -> html.element("p", "class=\"warning\" role=\"note\"", warning));
        html.raw("</section>\n");
    }

    private void changes(Html html) {
        html.raw("<section id=\"changes\">\n");
        html.element("h2", "", "Changes");
        Map<List<TrendPoint>, List<TrendModel.Placed>> all = model.changesByPlace();
        if (all.isEmpty()) {
            html.paragraph("No cell changed its level in any metric.");
        }
        all.values().stream().limit(PLACES).forEach(changes -> place(html, changes));
        if (all.size() > PLACES) {
            html.paragraph((all.size() - PLACES) + " more places are in the table below the next figure.");
        }
        html.raw("</section>\n");
    }

    /** The changes between the same two points: one commit, or one change of the host. */
    private void place(Html html, List<TrendModel.Placed> changes) {
        TrendModel.Placed first = changes.getFirst();
        html.raw("<h3>" + revision(first.after()) + ", "
                + Escape.html(first.after().startedAt()) + "</h3>\n<ul>\n");
        for (TrendModel.Placed placed : changes) {
            html.element(
                    "li",
                    "",
                    "%s: %s %s %s, %s, %d %s since"
                            .formatted(
                                    placed.change().cell(),
                                    MetricText.name(placed.trend().metric()),
                                    placed.change().kind().label(),
                                    TrendModel.size(placed.change()),
                                    TrendModel.sure(placed.change()),
                                    placed.change().pointsAfter(),
                                    placed.change().pointsAfter() == 1 ? "point" : "points"));
        }
        html.raw("</ul>\n<p>The last point before is " + revision(first.before()) + "." + compare(first) + "</p>\n");
        changes.stream()
                .map(placed -> others(placed.change()))
                .filter(text -> !text.isEmpty())
                .distinct()
                .forEach(text -> html.element(
                        "p", "class=\"warning\" role=\"note\"", "Between the two also changed " + text + "."));
        first.range().ifPresent(range -> copyable(html, "git log --oneline " + range));
    }

    private static String others(TrendChange change) {
        return change.differences().entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }

    private String revision(TrendPoint point) {
        String text = Escape.html(point.label());
        Optional<String> commit = TrendModel.commit(point);
        return commit.isEmpty() || model.repository().isEmpty()
                ? text
                : link(model.repository() + "/commit/" + commit.get(), text);
    }

    private String compare(TrendModel.Placed placed) {
        return model.repository().isEmpty()
                ? ""
                : placed.range()
                        .map(range -> " "
                                + link(
                                        model.repository() + "/compare/" + range.replace("..", "..."),
                                        "What the commits in between changed"))
                        .orElse("");
    }

    private static String link(String address, String escapedText) {
        return "<a href=\"" + Escape.html(address) + "\" rel=\"noreferrer\">" + escapedText + "</a>";
    }

    private static void copyable(Html html, String text) {
        html.raw("<div class=\"copyable\">");
        html.element("pre", "tabindex=\"0\"", text);
        html.raw("<button type=\"button\" class=\"copy\">Copy</button></div>\n");
    }

    private void history(Html html) {
        html.raw("<section id=\"history\">\n");
        html.element("h2", "", "The history");
        List<List<Object>> rows = new ArrayList<>();
        for (TrendPoint point : model.points().reversed()) {
            rows.add(List.of(point.startedAt(), TrendModel.shortRevision(point), point.folder()));
        }
        html.table("Results folders, the newest first", List.of("started", "revision", "folder"), rows);
        html.raw("</section>\n");
    }
}
