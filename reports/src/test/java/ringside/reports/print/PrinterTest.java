package ringside.reports.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;
import ringside.reports.Fixture;
import ringside.reports.OnDisk;
import ringside.reports.render.HtmlReportRenderer;

/** Opens pages in one browser, clicks, and prints. */
class PrinterTest {
    private static Chromium chromium;

    @TempDir
    static Path temp;

    @BeforeAll
    static void start() {
        assumeTrue(Chromium.find().isPresent(), "skipped: no chromium or google-chrome on the PATH");
        chromium = Chromium.start();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void figuresOfAFolder_arePicturesOnWhite() throws IOException {
        List<Path> files = new HtmlReportRenderer()
                .figures(
                        new ReportSubject.Results(Fixture.quick().samples(500).folder(temp.resolve("figures"))),
                        temp.resolve("pictures"));

        assertThat(files)
                .hasSizeGreaterThan(4)
                .allSatisfy(file -> assertThat(file).isNotEmptyFile());
        assertThat(files.size() % 2).isZero();
        Path svg = files.get(1);
        assertThat(svg.toString()).endsWith(".svg");
        assertThat(Files.readString(svg)).startsWith("<svg").contains("rgb(255, 255, 255)");
        assertThat(Files.readAllBytes(files.getFirst())).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void comparison_drawsEveryFigureAndPrints() {
        ReportSubject.Side a =
                new ReportSubject.Side("before", Fixture.quick().samples(500).folder(temp.resolve("a")));
        ReportSubject.Side b = new ReportSubject.Side(
                "after",
                Fixture.quick()
                        .samples(500)
                        .changed(run -> {
                            run.metrics()
                                    .computeIfPresent(
                                            "iops",
                                            (_, iops) -> new Metric(iops.value() * 0.7, iops.unit(), iops.better()));
                            return run;
                        })
                        .folder(temp.resolve("b")));
        FolderComparison comparison =
                FolderComparison.of(a.folder(), b.folder(), "iops", new Criteria(0.05, 0.05, 0.05));
        Path file = new HtmlReportRenderer()
                .render(
                        new ReportSubject.Pair(a, b, List.of(comparison)),
                        ReportFormat.HTML,
                        temp.resolve("pair.html"));

        Page page = chromium.page(1280, 900).open(file.toUri());

        // ratios, every run, four distributions
        assertThat(page.evaluate("document.querySelectorAll('svg.main-svg').length / 3")
                        .asInt())
                .isEqualTo(6);
        assertThat(page.evaluate("document.documentElement.getAttribute('data-plots')")
                        .asString())
                .isEqualTo("6");
        page.click("#ratios-iops .legend button");
        assertThat(page.evaluate("document.querySelector('#ratios-iops .legend button').ariaPressed")
                        .asString())
                .isEqualTo("false");
        assertThat(page.complaints()).isEmpty();
        assertThat(page.requests()).allMatch(url -> url.startsWith("file:///") || url.startsWith("data:"));
        assertThat(new String(page.pdf(), 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        assertThat(page.png()).startsWith(0x89, 'P', 'N', 'G').hasSizeGreaterThan(50_000);
    }

    @Test
    void index_findsAndComparesByClicking() throws IOException {
        Path folder = temp.resolve("all");
        OnDisk.write(Fixture.quick().samples(500).folder(folder.resolve("one")));
        OnDisk.write(Fixture.quick().samples(500).folder(folder.resolve("it's two")));
        Path file = new HtmlReportRenderer()
                .render(new ReportSubject.Index(folder), ReportFormat.HTML, folder.resolve("index.html"));
        assertThat(Files.size(file)).isLessThan(100_000);

        Page page = chromium.page(390, 800).open(file.toUri());
        page.click("[data-folder='one'] input[name=a]").click("[data-folder=\"it's two\"] input[name=b]");

        assertThat(page.evaluate("document.getElementById('compare-command').textContent")
                        .asString())
                .isEqualTo("ringside report 'it'\\''s two' --against one");
        page.evaluate("var f = document.getElementById('filter'); f.value = \"it's\";"
                + " f.dispatchEvent(new Event('input', {bubbles: true}))");
        assertThat(page.evaluate("document.querySelectorAll('.folder:not([hidden])').length")
                        .asInt())
                .isEqualTo(1);
        assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);
        assertThat(page.complaints()).isEmpty();
    }
}
