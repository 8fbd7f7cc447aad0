package ringside.reports.page;

import java.util.List;
import java.util.Optional;
import ringside.harness.results.RunFolder;
import ringside.reports.chart.Chart;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.Figures;
import ringside.reports.chart.Plot;
import ringside.reports.model.ReportModel;

/**
 * The page of one results folder. It loads nothing: a content security policy forbids the network, and the plot library
 * is inside, compressed, and inflated by the browser.
 */
public final class ReportPage {
    private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
            + " img-src data: blob:; font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'";

    private final ReportModel model;
    private final String plotlyGzipBase64;
    private final Figures figures = Figures.standard();

    /**
     * A page.
     *
     * @param plotlyGzipBase64 the plot library, gzipped, in base64
     */
    public ReportPage(ReportModel model, String plotlyGzipBase64) {
        this.model = model;
        this.plotlyGzipBase64 = plotlyGzipBase64;
    }

    /** The whole document. */
    public String html() {
        List<ChartBlock> blocks = Chart.all().stream()
                .map(chart -> chart.draw(model))
                .flatMap(Optional::stream)
                .toList();
        Html html = new Html();
        head(html);
        html.raw("<body>\n<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n");
        header(html, blocks);
        html.raw("<main id=\"main\">\n");
        VerdictSection.write(html, model);
        SideBySideSection.write(html, model);
        VariedSection.write(html, model);
        ChartSection charts = new ChartSection(figures);
        blocks.forEach(block -> charts.write(html, block));
        ChecksSection.write(html, model);
        ProfilesSection.write(html, model);
        ProvenanceSection.write(html, model);
        html.raw("</main>\n");
        footer(html);
        scripts(html, blocks);
        return html.raw("</body>\n</html>\n").toString();
    }

    private void head(Html html) {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.element("title", "", model.folder().title() + " · Ringside");
        // An empty icon: browsers ask the network for one otherwise.
        html.raw("<link rel=\"icon\" href=\"data:,\">\n");
        html.raw("<style>\n" + Resources.text("report.css") + "</style>\n</head>\n");
    }

    private void header(Html html, List<ChartBlock> blocks) {
        RunFolder folder = model.folder();
        html.raw("<header class=\"top\">\n<div>\n");
        html.element("h1", "", folder.title());
        html.element(
                "p",
                "class=\"sub\"",
                "Ringside · suite %s · %d of %d runs"
                        .formatted(folder.suite(), folder.results().size(), folder.planned()));
        html.raw("</div>\n<button type=\"button\" id=\"theme\">Dark</button>\n</header>\n");
        html.raw("<nav aria-label=\"Sections\"><ul>\n");
        link(html, "verdict", "Verdict");
        if (SideBySideSection.applies(model)) {
            link(html, "side-by-side", "Side by side");
        }
        link(html, "varied", "Varied");
        blocks.forEach(block -> link(html, block.id(), block.title()));
        link(html, "checks", "Checks");
        link(html, "provenance", "Provenance");
        html.raw("</ul></nav>\n");
    }

    private static void link(Html html, String id, String label) {
        html.raw("<li><a href=\"#" + Escape.html(id) + "\">" + Escape.html(label) + "</a></li>\n");
    }

    private static void footer(Html html) {
        html.raw("<footer>\n");
        html.paragraph(
                "Bars are 95 % bootstrap intervals of the median (10,000 resamples) from six runs on, and the range of the"
                        + " runs below. The verdict and the ratios use the wider of a paired bootstrap and Student's t."
                        + " Numbers on the page are cut to their precision; downloads and the embedded results have"
                        + " every digit.");
        html.raw("<p>Charts by plotly.js, MIT licence.</p>\n");
        html.raw("</footer>\n");
    }

    private void scripts(Html html, List<ChartBlock> blocks) {
        data(html, "ringside-data", Packed.text(EmbeddedResults.of(model, blocks)));
        data(html, "ringside-plots", Packed.text(plots(blocks)));
        data(html, "ringside-plotly", plotlyGzipBase64);
        html.raw("<script>\n" + Resources.text("report.js") + "ringside.start();\n</script>\n");
    }

    /** A plot measures its place when it is drawn, so the page runs this once all places exist. */
    private String plots(List<ChartBlock> blocks) {
        StringBuilder script = new StringBuilder();
        for (ChartBlock block : blocks) {
            for (Plot plot : block.plots()) {
                script.append(figures.script(plot));
            }
        }
        return script.toString();
    }

    private static void data(Html html, String id, String content) {
        html.raw("<script type=\"application/gzip\" id=\"" + id + "\">" + content + "</script>\n");
    }
}
