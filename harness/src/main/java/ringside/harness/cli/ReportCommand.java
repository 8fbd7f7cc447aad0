package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;

/** Renders the report of a results folder again. */
@Command(
        name = "report",
        description = "Renders the report of a results folder, finished or not.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside report ringside-results/quick-20261122-120000",
            "  ringside report results -o /tmp/for-the-meeting.html"
        })
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A results folder.")
    private Path folder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write it (default: DIR/report.html).")
    private Path output;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder loaded = ResultStore.load(folder);
        if (loaded.results().size() < loaded.planned()) {
            out.println(loaded.results().size() + " of " + loaded.planned() + " runs are finished; continue with: "
                    + "ringside run --resume " + folder);
        }
        Path html = output == null ? folder.resolve("report.html") : output;
        Optional<Path> written = Reports.render(folder, html);
        out.println(written.map(Path::toString).orElse(Reports.MISSING));
        return ExitCode.OK.code();
    }
}
