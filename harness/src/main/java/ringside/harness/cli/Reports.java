package ringside.harness.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import ringside.harness.results.ResultStore;
import ringside.harness.spi.PairSource;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportRenderer;
import ringside.harness.spi.ReportServer;
import ringside.harness.spi.ReportSubject;

/** Finds the report's renderer, which may not be installed. */
final class Reports {
    static final String MISSING =
            "no report renderer is on the class path: the results are complete, the HTML report needs ringside-reports";

    private Reports() {}

    /** Renders a report; empty where there is no renderer. */
    static Optional<Path> render(ReportSubject subject, ReportFormat format, Path file) {
        return ServiceLoader.load(ReportRenderer.class)
                .findFirst()
                .map(renderer -> renderer.render(subject, format, file));
    }

    /** Writes the figures of a report; empty where there is no renderer. */
    static Optional<List<Path>> figures(ReportSubject subject, Path folder) {
        return ServiceLoader.load(ReportRenderer.class).findFirst().map(renderer -> renderer.figures(subject, folder));
    }

    /** Serves a folder; empty where there is no renderer. */
    static Optional<ReportServer> serve(Path folder, int port, PairSource pairs) {
        return ServiceLoader.load(ReportRenderer.class)
                .findFirst()
                .map(renderer -> renderer.serve(folder, port, pairs));
    }

    /** Renders a folder; empty where there is no renderer. */
    static Optional<Path> render(Path folder, Path html) {
        return ServiceLoader.load(ReportRenderer.class)
                .findFirst()
                .map(renderer -> renderer.render(ResultStore.load(folder), html));
    }
}
