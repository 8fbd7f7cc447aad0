package ringside.reports.page;

import ringside.reports.chart.ChartStyle;
import ringside.reports.model.Axis;
import ringside.reports.model.ReportModel;

/**
 * The section in which a reader arranges the results: places for the scripts {@code explore*.js}, which build the rest from
 * {@link EmbeddedResults} in the page.
 */
final class ExploreSection {
    /** Scripts in the order in which they need each other. */
    static final String[] SCRIPTS = {
        "explore-data.js",
        "explore-state.js",
        "explore-parts.js",
        "explore-lines.js",
        "explore-heat.js",
        "explore-parallel.js",
        "explore-figures.js",
        "explore-tables.js",
        "explore-controls.js",
        "explore-view.js",
        "explore.js"
    };

    /** Style sheet of the section. */
    static final String STYLE = "explore.css";

    private ExploreSection() {}

    /** Whether there is anything to arrange. */
    static boolean applies(ReportModel model) {
        return model.axes().stream().anyMatch(Axis::varies);
    }

    static void write(Html html, ReportModel model) {
        if (!applies(model)) {
            return;
        }
        html.raw("<section id=\"explore\" data-own>\n");
        html.element("h2", "", "Explore");
        html.element(
                "p",
                "class=\"read\"",
                "How to read it: every mark or field is the median of a configuration's valid runs, every bar the range of"
                        + " these runs, every small tick one run. Nothing is averaged over an axis: an axis without a place gets panels or rows of its own."
                        + " A click on a mark shows its runs and the command that repeats it; pinned as the baseline,"
                        + " everything is shown as ratio to it. The address of the page follows what is chosen.");
        if (!EmbeddedResults.isComplete(model)) {
            html.element(
                    "p",
                    "class=\"warning\"",
                    "This report has very many runs, so that it holds only the metrics that its figures draw; all others and"
                            + " the distributions are in the results folder.");
        }
        html.raw(
                "<noscript><p>Exploring needs scripts; the tables of the other sections are complete.</p></noscript>\n");
        html.raw("<p id=\"explore-unknown\" class=\"warning\" role=\"alert\" hidden></p>\n");
        html.raw("<div id=\"explore-controls\"></div>\n");
        html.raw("<p id=\"explore-status\" class=\"seen\" role=\"status\"></p>\n<p id=\"explore-baseline\"></p>\n");
        html.raw(
                "<div id=\"explore-legend\" class=\"legend\" role=\"group\" aria-label=\"Show or hide series\" hidden></div>\n");
        html.raw("<div id=\"explore-scale-bar\" hidden></div>\n<div id=\"explore-shown\"></div>\n");
        html.raw("<button type=\"button\" id=\"explore-more\" hidden>More panels</button>\n");
        html.raw("<div id=\"explore-detail\" role=\"status\"></div>\n");
        html.raw(
                "<details class=\"data\" id=\"explore-data\"><summary id=\"explore-data-head\">The numbers: what is shown, and pins</summary>"
                        + "<div id=\"explore-numbers\"></div></details>\n");
        html.raw("<template id=\"explore-glyphs\">");
        for (int series = 0; series < ChartStyle.COLOURS; series++) {
            html.raw(ChartSection.glyph(series));
        }
        html.raw("</template>\n</section>\n");
    }
}
