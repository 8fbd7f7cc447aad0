package ringside.reports.render;

import java.nio.file.Path;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.RunFolder;
import ringside.harness.spi.ReportRenderer;
import ringside.reports.model.ReportModel;
import ringside.reports.page.ReportPage;

/** Renders one self-contained HTML file. Thread-safe, without state. */
public final class HtmlReportRenderer implements ReportRenderer {
    /** For {@link java.util.ServiceLoader}. */
    public HtmlReportRenderer() {}

    @Override
    public Path render(RunFolder folder, Path htmlFile) {
        ReportPage page = new ReportPage(ReportModel.of(folder), PlotlyBundle.gzipBase64());
        AtomicFiles.write(htmlFile, page.html());
        return htmlFile;
    }
}
