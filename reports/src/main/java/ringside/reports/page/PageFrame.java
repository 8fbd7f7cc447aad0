package ringside.reports.page;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.Figures;
import ringside.reports.chart.Plot;

/**
 * What all pages have around their sections. A page loads nothing: a content security policy forbids the network, and the
 * plot library is inside, compressed, and inflated by the browser.
 *
 * @param title heading and title of the document
 * @param subtitle a line below it
 * @param links the sections, in order
 * @param plotlyGzipBase64 the plot library, gzipped, in base64; empty for a page without figures
 */
record PageFrame(String title, String subtitle, List<Link> links, String plotlyGzipBase64) {
    private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
            + " img-src data: blob:; font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'";

    /**
     * An entry of the navigation.
     *
     * @param id of the section
     * @param label what a reader sees
     */
    record Link(String id, String label) {}

    PageFrame {
        links = List.copyOf(links);
    }

    /**
     * Everything up to the first section.
     *
     * @param styles further style sheets of the page, by name of the resource
     */
    void begin(Html html, String... styles) {
        head(html, styles);
        String first = links.isEmpty() ? "main" : links.getFirst().label().toLowerCase(Locale.ROOT);
        html.raw("<body>\n");
        html.element("a", "class=\"skip\" href=\"#main\"", "Skip to the " + first);
        header(html);
        html.raw("<main id=\"main\">\n");
    }

    /**
     * Everything behind the last section.
     *
     * @param notes paragraphs at the foot
     * @param blocks charts of the page
     * @param dataJson the numbers for scripts, see {@link EmbeddedResults}
     * @param scripts further scripts of the page, by name of the resource
     */
    void end(Html html, List<String> notes, List<ChartBlock> blocks, String dataJson, String... scripts) {
        end(html, notes, List.of(), blocks, dataJson, scripts);
    }

    /** The same, with a figure of the first page, which is drawn before all others. */
    void end(
            Html html,
            List<String> notes,
            List<Plot> first,
            List<ChartBlock> blocks,
            String dataJson,
            String... scripts) {
        List<Plot> all = Stream.concat(first.stream(), blocks.stream().flatMap(block -> block.plots().stream()))
                .toList();
        int begun = Math.min(1, all.size());
        CompletableFuture<String> rest =
                CompletableFuture.supplyAsync(() -> Packed.text(plots(all.subList(begun, all.size()))));
        html.raw("</main>\n<footer>\n");
        notes.forEach(html::paragraph);
        if (!plotlyGzipBase64.isEmpty()) {
            html.paragraph("Charts by plotly.js, MIT licence.");
        }
        html.raw("</footer>\n");
        data(html, "ringside-data", Packed.text(dataJson));
        data(html, "ringside-first", Packed.text(plots(all.subList(0, begun))));
        data(html, "ringside-plots", rest.join());
        if (!plotlyGzipBase64.isEmpty()) {
            data(html, "ringside-plotly", plotlyGzipBase64);
        }
        html.raw("<script>\n" + Resources.text("report.js") + "ringside.start();\n</script>\n");
        for (String script : scripts) {
            html.raw("<script>\n" + Resources.text(script) + "</script>\n");
        }
        html.raw("</body>\n</html>\n");
    }

    private void head(Html html, String... styles) {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.element("title", "", title + " · Ringside");
        // An empty icon: browsers ask the network for one otherwise.
        html.raw("<link rel=\"icon\" href=\"data:,\">\n");
        html.raw("<style>\n" + Resources.text("report.css"));
        for (String style : styles) {
            html.raw(Resources.text(style));
        }
        html.raw("</style>\n</head>\n");
    }

    private void header(Html html) {
        html.raw("<header class=\"top\">\n<div>\n");
        html.element("h1", "", title);
        html.element("p", "class=\"sub\"", subtitle);
        html.raw("</div>\n<button type=\"button\" id=\"theme\">Dark</button>\n</header>\n");
        html.raw("<nav aria-label=\"Sections\"><ul>\n");
        links.forEach(link -> html.raw(
                "<li><a href=\"#" + Escape.html(link.id()) + "\">" + Escape.html(link.label()) + "</a></li>\n"));
        html.raw("</ul></nav>\n");
    }

    /** A plot measures its place when it is drawn, so the page runs this once all places exist. */
    private static String plots(List<Plot> plots) {
        Figures figures = Figures.standard();
        return plots.parallelStream().map(figures::script).collect(Collectors.joining());
    }

    private static void data(Html html, String id, String content) {
        html.raw("<script type=\"application/gzip\" id=\"" + id + "\">" + content + "</script>\n");
    }
}
