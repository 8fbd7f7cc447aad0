package ringside.reports.render;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ringside.harness.results.AtomicFiles;
import ringside.harness.spi.PairSource;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportRenderer;
import ringside.harness.spi.ReportServer;
import ringside.harness.spi.ReportSubject;
import ringside.reports.model.IndexModel;
import ringside.reports.model.PairModel;
import ringside.reports.model.ReportModel;
import ringside.reports.model.TrendModel;
import ringside.reports.page.IndexPage;
import ringside.reports.page.PairPage;
import ringside.reports.page.Paper;
import ringside.reports.page.ReportPaper;
import ringside.reports.page.TrendPage;
import ringside.reports.print.Printer;
import ringside.reports.serve.LocalServer;

/** Renders one self-contained file. Thread-safe, without state. */
public final class HtmlReportRenderer implements ReportRenderer {
    /** For {@link java.util.ServiceLoader}. */
    public HtmlReportRenderer() {}

    @Override
    public Path render(ReportSubject subject, ReportFormat format, Path file) {
        if (format == ReportFormat.HTML) {
            Thread.ofPlatform().daemon().name("plotly").start(PlotlyBundle::gzipBase64);
        }
        Paper paper = paper(subject);
        switch (format) {
            case HTML -> AtomicFiles.write(file, paper.html());
            case MD -> AtomicFiles.write(file, paper.markdown());
            case CSV -> AtomicFiles.write(file, paper.csv());
            case PDF -> AtomicFiles.write(file, Printer.pdf(paper.html()));
            case PNG -> AtomicFiles.write(file, Printer.png(paper.html()));
        }
        return file;
    }

    @Override
    public List<Path> figures(ReportSubject subject, Path folder) {
        List<Path> files = new ArrayList<>();
        Printer.figures(paper(subject).html()).forEach((name, content) -> {
            Path file = folder.resolve(name);
            AtomicFiles.write(file, content);
            files.add(file);
        });
        return List.copyOf(files);
    }

    @Override
    public ReportServer serve(Path folder, int port, PairSource pairs) {
        return LocalServer.start(folder, port, pairs, HtmlReportRenderer::servedPage);
    }

    private static String servedPage(ReportSubject subject) {
        return subject instanceof ReportSubject.Index index
                ? new IndexPage(IndexModel.of(index.folder()), true).html()
                : paper(subject).html();
    }

    private static Paper paper(ReportSubject subject) {
        return switch (subject) {
            case ReportSubject.Results results ->
                new ReportPaper(ReportModel.of(results.folder(), results.references()), PlotlyBundle::gzipBase64);
            case ReportSubject.Pair pair -> new PairPage(new PairModel(pair), PlotlyBundle::gzipBase64);
            case ReportSubject.History history -> new TrendPage(TrendModel.of(history), PlotlyBundle::gzipBase64);
            case ReportSubject.Index index -> new IndexPage(IndexModel.of(index.folder()), false);
        };
    }
}
