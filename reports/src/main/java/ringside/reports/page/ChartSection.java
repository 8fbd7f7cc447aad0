package ringside.reports.page;

import java.util.List;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.ChartStyle;
import ringside.reports.chart.DataTable;
import ringside.reports.chart.Figures;
import ringside.reports.chart.LegendEntry;
import ringside.reports.chart.Plot;

/** A chart with its two sentences, its legend and the tables behind it. */
final class ChartSection {
    /** Panels shown at once; more wait behind a summary and are drawn when it is opened. */
    static final int PANELS = 6;

    /** A higher figure scrolls by itself, so that the sections behind it stay within reach. */
    private static final int TALL_PX = 1600;

    /** Rows of a table in the page; the download has all. */
    static final int ROWS = 100;

    private static final List<String> GLYPHS = List.of(
            "<circle cx=\"7\" cy=\"7\" r=\"5\"/>",
            "<rect x=\"2\" y=\"2\" width=\"10\" height=\"10\"/>",
            "<path d=\"M7 0.5 13.5 7 7 13.5 0.5 7z\"/>",
            "<path d=\"M7 1 13 12.5 1 12.5z\"/>",
            "<path d=\"M3.5 1 7 4.5 10.5 1 13 3.5 9.5 7 13 10.5 10.5 13 7 9.5 3.5 13 1 10.5 4.5 7 1 3.5z\"/>",
            "<path d=\"M1 1.5 13 1.5 7 13z\"/>",
            "<path d=\"M7 0.5 8.8 5.2 13.8 5.2 9.8 8.2 11.3 13 7 10 2.7 13 4.2 8.2 0.2 5.2 5.2 5.2z\"/>");

    private final Figures figures;

    ChartSection(Figures figures) {
        this.figures = figures;
    }

    void write(Html html, ChartBlock block) {
        html.raw("<section id=\"" + Escape.html(block.id()) + "\" class=\"chart\">\n");
        html.element("h2", "", block.title());
        html.element("p", "class=\"seen\"", block.seen());
        html.element("p", "class=\"read\"", "How to read it: " + block.howToRead());
        legend(html, block);
        panels(html, block.plots());
        block.tables().forEach(table -> table(html, block, table));
        html.raw("</section>\n");
    }

    private static void legend(Html html, ChartBlock block) {
        if (block.legend().isEmpty()) {
            return;
        }
        html.raw("<div class=\"legend\" role=\"group\" aria-label=\"Show or hide series\">\n");
        for (LegendEntry entry : block.legend()) {
            html.raw("<button type=\"button\" aria-pressed=\"" + entry.on() + "\" data-name=\""
                    + Escape.html(entry.name()) + "\"" + (entry.note().isEmpty() ? "" : " class=\"reference\"") + ">"
                    + glyph(entry.series()) + "<span>" + Escape.html(entry.label()) + "</span></button>\n");
        }
        html.raw("</div>\n");
        List<LegendEntry> cited =
                block.legend().stream().filter(entry -> !entry.note().isEmpty()).toList();
        if (!cited.isEmpty()) {
            html.raw(
                    "<details class=\"sources\" open><summary>Sources of the published lines: other systems, other hardware</summary><ul>\n");
            cited.forEach(entry -> html.element("li", "", entry.name() + ": " + entry.note() + "."));
            html.raw("</ul>");
            html.paragraph("Real machines, real guests, real disks: a landmark, not a yardstick for this report.");
            html.raw("</details>\n");
        }
    }

    /** The mark of a series in a legend. */
    static String glyph(int series) {
        if (series < 0) {
            return "<svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><path d=\"M6 0h2v3h-2zM6 5.5h2v3h-2zM6 11h2v3h-2z\""
                    + " fill=\"var(--muted)\"/></svg>";
        }
        int index = Math.floorMod(series, ChartStyle.COLOURS);
        return "<svg viewBox=\"0 0 14 14\" aria-hidden=\"true\" fill=\"var(--s" + index + ")\">" + GLYPHS.get(index)
                + "</svg>";
    }

    private void panels(Html html, List<Plot> plots) {
        html.raw("<div class=\"panels" + (plots.size() == 1 ? " one" : "") + "\">\n");
        plots.stream().limit(PANELS).forEach(plot -> panel(html, plot));
        html.raw("</div>\n");
        if (plots.size() > PANELS) {
            html.raw("<details class=\"more\"><summary>" + (plots.size() - PANELS)
                    + " more panels</summary><div class=\"panels\">\n");
            plots.stream().skip(PANELS).forEach(plot -> panel(html, plot));
            html.raw("</div></details>\n");
        }
    }

    void panel(Html html, Plot plot) {
        html.raw("<figure>\n");
        if (!plot.title().isEmpty()) {
            html.element("figcaption", "", plot.title());
        }
        boolean tall = plot.heightPx() > TALL_PX;
        if (tall) {
            html.raw("<div class=\"tall\" tabindex=\"0\" role=\"region\" aria-label=\""
                    + Escape.html(plot.description()) + ", scrolls\">\n");
        }
        html.raw("<div class=\"plot\" role=\"img\" aria-label=\"" + Escape.html(plot.description())
                + "; the numbers are in the table below\" style=\"height:" + plot.heightPx() + "px\">"
                + figures.element(plot) + "</div>\n" + (tall ? "</div>\n" : "") + "</figure>\n");
    }

    private static void table(Html html, ChartBlock block, DataTable table) {
        String key = block.id() + "-" + table.name();
        html.raw("<details class=\"data\"><summary>The numbers: " + Escape.html(table.caption()) + "</summary>\n");
        html.raw("<p><button type=\"button\" class=\"csv\" data-table=\"" + Escape.html(key)
                + "\">Download CSV</button></p>\n");
        int rows = table.rows().size();
        html.table(
                table.caption() + (rows > ROWS ? ", first " + ROWS + " of " + rows + " rows; the CSV has all" : ""),
                table.head(),
                table.rows().subList(0, Math.min(ROWS, rows)));
        html.raw("</details>\n");
    }
}
