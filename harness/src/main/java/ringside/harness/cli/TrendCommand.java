package ringside.harness.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.trend.Trend;
import ringside.harness.trend.TrendChange;

/** Finds the commits at which cells changed their level. */
@Command(
        name = "trend",
        description = {
            "Finds where cells changed their level over a history: results folders of one suite, one per commit, put in",
            "order by the time they were made. Noise that remembers its past (a slow host stays slow for a while) is",
            "taken into account. A confirmed change also holds for one who looks after every commit; a suspected one is",
            "worth a repetition. 11 folders are the least, 23 to confirm anything."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside trend --history /var/lib/ringside/nightly",
            "  ringside trend results-* --metric lat_p99 --format markdown",
            "  ringside trend --history nightly --fail-within 5    in CI: red while a regression is new"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "2:the command line or a folder is wrong",
            "5:--fail-within: a cell regressed within the last points, confirmed"
        })
final class TrendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "DIR", description = "Results folders.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--history", paramLabel = "FOLDER", description = "Take all results folders in this folder.")
    private Path history;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = "iops",
            description = "Metric of the results (default: iops).")
    private String metric;

    @Option(
            names = "--min-effect",
            paramLabel = "PERCENT",
            defaultValue = "1%",
            description =
                    "Smallest change of interest; half of the changes of just this size are missed (default: 1%%).")
    private String minEffect;

    @Option(
            names = "--fail-within",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "End with exit code 5 when a confirmed regression lies within the last N points (default: 0, never).")
    private int failWithin;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, markdown or json (default: text).")
    private TrendTable format;

    @Override
    public Integer call() {
        List<Path> all = new ArrayList<>(folders);
        if (history != null) {
            all.addAll(Trend.foldersIn(history));
        }
        if (all.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "trend: no results folder is named: give DIRs or --history FOLDER");
        }
        Trend trend = Trend.of(all, metric, Percentages.share("--min-effect", minEffect));
        format.print(trend, spec.commandLine().getOut());
        boolean failed = trend.changes()
                .anyMatch(change -> change.confirmed()
                        && change.kind() == TrendChange.Kind.REGRESSED
                        && change.pointsAfter() <= failWithin);
        return (failed ? ExitCode.REGRESSED : ExitCode.OK).code();
    }
}
