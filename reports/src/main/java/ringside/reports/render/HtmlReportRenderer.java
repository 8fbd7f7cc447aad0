package ringside.reports.render;

import java.nio.file.Path;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportRenderer;
import ringside.harness.spi.ReportSubject;
import ringside.reports.model.PairModel;
import ringside.reports.model.ReportModel;
import ringside.reports.model.TrendModel;
import ringside.reports.page.PairPage;
import ringside.reports.page.Paper;
import ringside.reports.page.ReportPaper;
import ringside.reports.page.TrendPage;

/** Renders one self-contained file. Thread-safe, without state. */
public final class HtmlReportRenderer implements ReportRenderer {
    /** For {@link java.util.ServiceLoader}. */
    public HtmlReportRenderer() {}

    @Override
    public Path render(ReportSubject subject, ReportFormat format, Path file) {
        Paper paper = paper(subject);
        AtomicFiles.write(
                file,
                switch (format) {
                    case HTML -> paper.html();
                    case MD -> paper.markdown();
                    case CSV -> paper.csv();
                    case PDF, PNG -> throw HarnessException.badInput("unsupported yet");
                });
        return file;
    }

    private static Paper paper(ReportSubject subject) {
        return switch (subject) {
            case ReportSubject.Results results ->
                new ReportPaper(ReportModel.of(results.folder()), PlotlyBundle::gzipBase64);
            case ReportSubject.Pair pair -> new PairPage(new PairModel(pair), PlotlyBundle::gzipBase64);
            case ReportSubject.History history -> new TrendPage(TrendModel.of(history), PlotlyBundle::gzipBase64);
            case ReportSubject.Index _ -> throw HarnessException.badInput("unsupported yet");
        };
    }
}
