package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.run.MergedFolder;

/** Puts the results of shares of a suite together. */
@Command(
        name = "merge",
        description =
                "Puts folders that hold shares of one suite (run --shard) together in a new one, as if one machine had run"
                        + " it. The folders stay as they are.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside run whitepaper --shard 1/2 --out part1     on one machine",
            "  ringside run whitepaper --shard 2/2 --out part2     on another one like it",
            "  ringside merge whole part1 part2"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "2:the folders cannot be put together: the line says why",
        })
final class MergeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OUT", description = "The new folder.")
    private Path target;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "DIR", description = "Results folders of one suite.")
    private List<Path> sources;

    @Option(
            names = "--mixed",
            description = "Also folders of different machines or versions of Ringside; the report says what differs.")
    private boolean mixed;

    @Option(names = "--no-report", description = "Write no report.")
    private boolean noReport;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        MergedFolder.Merged merged = MergedFolder.make(target, sources, mixed);
        out.println(merged.runs() + " of " + merged.planned() + " runs from " + sources.size() + " folders");
        merged.differences()
                .forEach((name, values) -> out.println("differs: " + name + ": " + String.join(", ", values)));
        if (merged.runs() < merged.planned()) {
            out.println("what is missing can be run here with: ringside run --resume " + target);
        }
        out.println(
                noReport
                        ? target.toString()
                        : Reports.render(target, target.resolve("report.html"))
                                .map(Path::toString)
                                .orElse(Reports.MISSING));
        return ExitCode.OK.code();
    }
}
