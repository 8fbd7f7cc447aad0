package ringside.reports.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.harness.results.RunFolder;
import ringside.reports.chart.Chart;
import ringside.reports.chart.ChartBlock;
import ringside.reports.chart.Figures;
import ringside.reports.chart.Plot;
import ringside.reports.chart.RatioByPoint;
import ringside.reports.model.Conclusions;
import ringside.reports.model.ReportModel;

/** The page of one results folder. */
public final class ReportPage {
    private static final String NOTE =
            "Bars are 95 % bootstrap intervals of the median (10,000 resamples) from six runs"
                    + " on, and the range of the runs below. The verdict and the ratios use the wider of a paired bootstrap and"
                    + " Student's t. Numbers on the page are cut to their precision; downloads and the embedded results have every"
                    + " digit.";

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
        List<ChartBlock> blocks = Chart.all().parallelStream() // independent of each other
                .map(chart -> chart.draw(model))
                .flatMap(Optional::stream)
                .toList();
        Optional<Plot> answer = RatioByPoint.draw(model);
        PageFrame frame = frame(blocks);
        Html html = new Html();
        frame.begin(html, ExploreSection.STYLE);
        ChartSection charts = new ChartSection(figures);
        VerdictSection.write(html, model, charts, answer);
        SideBySideSection.write(html, model);
        TestBedSection.write(html, model);
        MethodSection.write(html, model);
        VariedSection.write(html, model);
        blocks.forEach(block -> charts.write(html, block));
        ExploreSection.write(html, model);
        ConclusionsSection.write(html, model);
        ChecksSection.write(html, model);
        ProfilesSection.write(html, model);
        ProvenanceSection.write(html, model);
        frame.end(html, List.of(NOTE), answer.stream().toList(), blocks, EmbeddedResults.of(model, blocks), scripts());
        return html.toString();
    }

    private String[] scripts() {
        return ExploreSection.applies(model) ? ExploreSection.SCRIPTS : new String[0];
    }

    private PageFrame frame(List<ChartBlock> blocks) {
        RunFolder folder = model.folder();
        String subtitle = "Ringside · suite %s · %d of %d runs"
                .formatted(folder.suite(), folder.results().size(), folder.planned());
        return new PageFrame(folder.title(), subtitle, links(blocks), plotlyGzipBase64);
    }

    private List<PageFrame.Link> links(List<ChartBlock> blocks) {
        List<PageFrame.Link> links = new ArrayList<>();
        links.add(new PageFrame.Link("verdict", "Verdict"));
        if (SideBySideSection.applies(model)) {
            links.add(new PageFrame.Link("side-by-side", "Side by side"));
        }
        if (TestBedSection.applies(model)) {
            links.add(new PageFrame.Link("test-bed", "Test bed"));
            links.add(new PageFrame.Link("method", "Method"));
        }
        links.add(new PageFrame.Link("varied", "Varied"));
        blocks.forEach(block -> links.add(new PageFrame.Link(block.id(), block.title())));
        if (ExploreSection.applies(model)) {
            links.add(new PageFrame.Link("explore", "Explore"));
        }
        if (!Conclusions.of(model).isEmpty()) {
            links.add(new PageFrame.Link("conclusions", "Conclusions"));
        }
        links.add(new PageFrame.Link("checks", "Checks"));
        links.add(new PageFrame.Link("provenance", "Provenance"));
        return links;
    }
}
