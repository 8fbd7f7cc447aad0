package ringside.harness.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.export.Export;
import ringside.harness.export.ExportFormat;
import ringside.harness.results.ResultStore;

/** Writes results in the forms of other tools. */
@Command(
        name = "export",
        description = {
            "Writes the results of a folder in a form that other tools read: fio-json, fio-json+ (a document per run, for",
            "fio-plot and fio's own scripts), jmh, hdr (HdrHistogram's log), csv, junit or openmetrics."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside export results --format csv --out runs.csv",
            "  ringside export results --format fio-json+ --out fio/",
            "  ringside export results --format openmetrics > ringside.prom"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "2:the command line or the folder is wrong", "3:a file cannot be written"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Results folder.")
    private Path folder;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = "fio-json, fio-json+, jmh, hdr, csv, junit or openmetrics.")
    private String format;

    @Option(names = "--cell", paramLabel = "CELL", defaultValue = "", description = "Only the runs of this cell.")
    private String cell;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write, or for fio's forms a folder (default: standard output).")
    private Path out;

    @Override
    public Integer call() {
        Export export = new Export(ResultStore.load(folder), cell, ExportFormat.of(format));
        if (out == null) {
            export.write(spec.commandLine().getOut());
        } else {
            List<Path> files = export.write(out);
            spec.commandLine()
                    .getOut()
                    .println(files.size() == 1 ? files.getFirst() : files.size() + " files in " + out);
        }
        return ExitCode.OK.code();
    }
}
