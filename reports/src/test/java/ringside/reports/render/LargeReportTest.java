package ringside.reports.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.RunFolder;
import ringside.reports.Fixture;

/** A suite of a thousand cells must still be one file that a browser opens at once. */
class LargeReportTest {
    private static final long MAX_BYTES = 6_000_000;

    @TempDir
    Path temp;

    @Test
    void thousandCells_stayBelowSixMegabytes() throws IOException {
        RunFolder folder = Fixture.large().folder(temp);

        Path html = new HtmlReportRenderer().render(folder, temp.resolve("report.html"));

        assertThat(folder.results()).hasSizeGreaterThanOrEqualTo(3_000);
        assertThat(html).isRegularFile();
        assertThat(Files.size(html)).isLessThan(MAX_BYTES);
        assertThat(html).content().contains("This report has very many runs, so that it holds only the metrics");
    }
}
