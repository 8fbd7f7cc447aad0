package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.results.ResultStore;
import ringside.harness.stats.RepetitionPlan;
import ringside.harness.stats.RepetitionPlan.CellPlan;

/** Plans repetitions from a pilot. */
@Command(
        name = "plan",
        description = {
            "Says how long and how often each cell has to run for a wanted half-width of its 95 % interval, after Kalibera",
            "and Jones: from what iterations, runs and sessions of a pilot scatter, and what a run costs. The pilot is one",
            "results folder with at least three runs per cell, or several of the same suite, one per session (boot, day)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside plan pilot                      for a half-width of 2 %",
            "  ringside plan monday tuesday friday --half-width 1%"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "2:the command line or a folder is wrong"})
final class PlanCommand implements Callable<Integer> {
    private static final double HUNDRED = 100;
    private static final double NS_PER_SECOND = 1e9;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Results folders of the pilot, one per session.")
    private List<Path> folders;

    @Option(
            names = "--half-width",
            paramLabel = "PERCENT",
            defaultValue = "2%",
            description = "Wanted half-width of the interval of the mean (default: 2%%).")
    private String halfWidth;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = "iops",
            description = "iops or bandwidth: what has a series (default: iops).")
    private String metric;

    @Override
    public Integer call() {
        double wanted = Percentages.share("--half-width", halfWidth);
        RepetitionPlan plan =
                RepetitionPlan.of(folders.stream().map(ResultStore::load).toList(), metric, wanted);
        print(plan, spec.commandLine().getOut());
        return ExitCode.OK.code();
    }

    private static void print(RepetitionPlan plan, PrintWriter out) {
        int width = plan.cells().stream()
                .mapToInt(cell -> cell.cell().length())
                .max()
                .orElse(4);
        String row = "%-" + Math.max(4, width) + "s %5s %8s %9s %9s %9s  %8s %7s %8s %9s%n";
        out.printf(
                row,
                "cell",
                "runs",
                "reached",
                "iteration",
                "run",
                "session",
                "runtime",
                "repeats",
                "sessions",
                "time");
        for (CellPlan cell : plan.cells()) {
            if (cell.reason().isEmpty()) {
                out.printf(
                        row,
                        cell.cell(),
                        cell.runs(),
                        percent(cell.reached()),
                        percent(cell.withinShare()),
                        percent(cell.betweenShare()),
                        plan.sessions() > 1 ? percent(cell.sessionShare()) : "-",
                        seconds(cell.runtimeNs()),
                        cell.runsPerSession(),
                        plan.sessions() > 1 ? cell.sessions() : "-",
                        time(cell.timeNs()));
            } else {
                out.println(cell.cell() + ": no plan, " + cell.reason());
            }
        }
        out.println();
        out.println(summary(plan));
    }

    private static String summary(RepetitionPlan plan) {
        return plan.common()
                .map(common -> String.format(
                        Locale.ROOT,
                        "For %.3g %% in every cell: runtime=%s, --repeats %d%s, about %s. Columns iteration, run and session are"
                                + " the standard deviations that each adds. A run costs %s beside its measured phase.",
                        HUNDRED * plan.wanted(),
                        seconds(common.runtimeNs()),
                        common.repeats(),
                        plan.sessions() > 1 ? " in each of " + common.sessions() + " sessions" : "",
                        time(common.timeNs()),
                        seconds((long) plan.overheadNs())))
                .orElse("No cell has enough runs: measure a pilot with at least " + RepetitionPlan.FEWEST_RUNS
                        + " runs of each.");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", HUNDRED * share);
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1fs", ns / NS_PER_SECOND);
    }

    private static String time(double ns) {
        Duration time = Duration.ofNanos((long) Math.min(ns, Long.MAX_VALUE / 2.0));
        return time.toHours() > 0
                ? time.toHours() + "h" + time.toMinutesPart() + "m"
                : time.toMinutesPart() + "m" + time.toSecondsPart() + "s";
    }
}
