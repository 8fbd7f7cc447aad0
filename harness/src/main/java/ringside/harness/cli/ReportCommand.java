package ringside.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbPlan;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.serve.StopSignals;
import ringside.harness.spi.ReportFormat;
import ringside.harness.spi.ReportServer;
import ringside.harness.spi.ReportSubject;

/** Renders the report of a results folder again, of two, or of a history. */
@Command(
        name = "report",
        description = {
            "Renders the report of a results folder, finished or not; of two (--against); of the pairs of",
            "ringside ab; of a history (--history); or an index of all results folders in DIR."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside report ringside-results/quick-20261122-120000",
            "  ringside report results -o /tmp/for-the-meeting.html",
            "  ringside report results --reference published.yaml other people's figures as dotted lines",
            "  ringside report results --format csv               every run with every metric",
            "  ringside report results --format pdf               on paper",
            "  ringside report results --figures figures          each figure as PNG and SVG",
            "  ringside report after --against before             what changed",
            "  ringside report ringside-results/ab-quick-20261122-130000",
            "  ringside report ringside-results                   an index of everything",
            "  ringside report results --serve                    watch a suite that runs",
            "  ringside report --history nightly --repository https://git.example/ringside"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:written, or served until Ctrl-C",
            "2:the command line or a folder is wrong",
            "3:no Chromium for pdf, png or figures, or the port is taken"
        })
final class ReportCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "A results folder, a folder of ringside ab, or a folder that holds such folders.")
    private Path folder;

    @Option(
            names = "--against",
            paramLabel = "A",
            description = "The results folder that DIR (B) is compared with, as ringside compare A B does.")
    private Path against;

    @Option(
            names = "--history",
            paramLabel = "FOLDER",
            description =
                    "Instead of DIR: all results folders of one suite in FOLDER, over time, as ringside trend does.")
    private Path history;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "html",
            description = "html, md, csv, pdf or png (default: html); pdf and png need Chromium.")
    private ReportFormat format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write it (default: report.FORMAT in DIR; index.FORMAT where DIR holds several; with"
                    + " --against: against-A.FORMAT in DIR; with --history: trend.FORMAT in FOLDER).")
    private Path output;

    @Option(
            names = "--figures",
            paramLabel = "FOLDER",
            description =
                    "Write each figure into FOLDER, as PNG and as SVG on white, instead of the page; needs Chromium.")
    private Path figures;

    @Option(
            names = "--serve",
            description = "Serve DIR to browsers on this host until Ctrl-C; the page follows a suite that runs.")
    private boolean serve;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "With --serve: port on 127.0.0.1 (default: any that is free).")
    private Integer port;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "Published figures to draw beside those of one results folder, each with its source; they are"
                    + " labelled as another system on other hardware (docs/reports.md).")
    private Path reference;

    @Mixin
    private ReportOptions options;

    @Override
    public Integer call() {
        if (serve) {
            return serve();
        }
        if (port != null) {
            throw HarnessException.badInput("report: --port is for --serve");
        }
        ReportSubject subject = subject();
        PrintWriter out = spec.commandLine().getOut();
        if (figures != null) {
            return figures(subject, out);
        }
        Path place = history == null ? folder : history;
        Path file = output == null ? place.resolve(stem() + "." + format.suffix()) : output;
        out.println(Reports.render(subject, format, file).map(Path::toString).orElse(Reports.MISSING));
        return ExitCode.OK.code();
    }

    private int figures(ReportSubject subject, PrintWriter out) {
        if (output != null || format != ReportFormat.HTML) {
            throw HarnessException.badInput(
                    "report: --figures writes PNG and SVG into its folder: leave -o and --format out");
        }
        Optional<List<Path>> files = Reports.figures(subject, figures);
        files.ifPresentOrElse(all -> all.forEach(out::println), () -> out.println(Reports.MISSING));
        return ExitCode.OK.code();
    }

    private int serve() {
        if (folder == null
                || figures != null
                || against != null
                || history != null
                || output != null
                || reference != null
                || format != ReportFormat.HTML) {
            throw HarnessException.badInput(
                    "report: --serve takes a folder, and of the options only --port and those of"
                            + " comparisons: name one folder");
        }
        if (port != null && (port < 0 || port > HIGHEST_PORT)) {
            throw HarnessException.badInput("report: --port must be 0 to " + HIGHEST_PORT + ", it is " + port);
        }
        PrintWriter out = spec.commandLine().getOut();
        Optional<ReportServer> server = Reports.serve(folder, port == null ? 0 : port, options);
        if (server.isEmpty()) {
            out.println(Reports.MISSING);
            return ExitCode.OK.code();
        }
        StopSignals signals = StopSignals.install();
        try (ReportServer open = server.get()) {
            out.println("serving " + folder + " at " + open.address() + " (Ctrl-C ends it)");
            signals.await();
        }
        return ExitCode.OK.code();
    }

    private ReportSubject subject() {
        if ((folder == null) == (history == null)) {
            throw HarnessException.badInput("report: name one results folder, or give --history FOLDER");
        }
        if (reference != null && !isOfOne()) {
            throw HarnessException.badInput(
                    "report: --reference is for the report of one results folder: name it, and nothing to compare it with");
        }
        if (history != null) {
            if (against != null) {
                throw HarnessException.badInput("report: --against compares with a results folder, not a history");
            }
            return options.history(history);
        }
        if (against != null) {
            return options.pair(against, folder);
        }
        if (AbPlan.isIn(folder)) {
            return options.pairs(folder);
        }
        if (isAbove(folder)) {
            return new ReportSubject.Index(folder);
        }
        RunFolder loaded = ResultStore.load(folder);
        if (loaded.results().size() < loaded.planned()) {
            spec.commandLine()
                    .getErr()
                    .println("ringside: " + loaded.results().size() + " of " + loaded.planned()
                            + " runs are finished; continue with: ringside run --resume " + folder);
        }
        return new ReportSubject.Results(loaded, reference == null ? List.of() : ReferenceFile.read(reference));
    }

    private boolean isOfOne() {
        return folder != null && history == null && against == null && !AbPlan.isIn(folder) && !isAbove(folder);
    }

    private String stem() {
        if (history != null) {
            return "trend";
        }
        if (against == null) {
            return isAbove(folder) && !AbPlan.isIn(folder) ? "index" : "report";
        }
        return "against-" + against.toAbsolutePath().normalize().getFileName();
    }

    /** Whether a folder is none of results, but holds some. */
    private static boolean isAbove(Path folder) {
        if (!Files.isDirectory(folder) || ResultStore.isResultFolder(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(entry -> ResultStore.isResultFolder(entry) || AbPlan.isIn(entry));
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }
}
