package ringside.harness.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.stats.Change;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;

/** Compares two results folders cell by cell. */
@Command(
        name = "compare",
        description = {
            "Compares results folder B with results folder A, cell by cell: ratio with interval, and whether a cell",
            "regressed, improved, stayed the same, or has too few runs to tell (with the number that it needs).",
            "The folders were measured one after the other, so what the host did in between counts as a difference."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside compare results-before results-after",
            "  ringside compare before after --metric lat_p99 --min-effect 5%",
            "  ringside compare before after --format markdown >> \"$GITHUB_STEP_SUMMARY\""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no cell regressed", "2:the command line or a folder is wrong", "5:a cell regressed"})
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "The results folder to compare with.")
    private Path before;

    @Parameters(index = "1", paramLabel = "B", description = "The results folder that is judged.")
    private Path after;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "Metric of the results (default: iops; of benchmarks: score).")
    private Optional<String> metric = Optional.empty();

    @Option(
            names = "--min-effect",
            paramLabel = "PERCENT",
            defaultValue = "3%",
            description = "Smallest change of interest; smaller ones are the same (default: 3%%).")
    private String minEffect;

    @Option(
            names = "--alpha",
            paramLabel = "PERCENT",
            defaultValue = "5%",
            description = "Chance of any false alarm over all cells (default: 5%%).")
    private String alpha;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, markdown, json or junit (default: text).")
    private ChangeTable format;

    @Override
    public Integer call() {
        RunFolder first = ResultStore.load(before);
        RunFolder second = ResultStore.load(after);
        double effect = Percentages.share("--min-effect", minEffect);
        FolderComparison comparison = FolderComparison.of(
                first,
                second,
                metric.orElseGet(() -> DefaultMetric.of(List.of(first, second))),
                new Criteria(effect, effect, Percentages.share("--alpha", alpha)));
        format.print(comparison, spec.commandLine().getOut());
        DisturbanceNote.print(spec.commandLine().getErr(), "ringside: " + before + ": ", first.results());
        DisturbanceNote.print(spec.commandLine().getErr(), "ringside: " + after + ": ", second.results());
        return (comparison.count(Change.REGRESSED) > 0 ? ExitCode.REGRESSED : ExitCode.OK).code();
    }
}
