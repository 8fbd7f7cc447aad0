package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;
import ringside.harness.HarnessException;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;

/** How pairs are judged, and how that is said. */
final class JudgeOptions {
    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = "iops",
            description = "Metric of the results; may be repeated, each is judged by itself (default: iops).")
    private List<String> metrics;

    @Option(
            names = "--min-effect",
            paramLabel = "PERCENT",
            defaultValue = "3%",
            description =
                    "Change that is to be found; a cell where it would not have been is underpowered (default: 3%%).")
    private String minEffect;

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            defaultValue = "1%",
            description = "Changes smaller than this are none, however sure they are (default: 1%%).")
    private String tolerance;

    @Option(
            names = "--alpha",
            paramLabel = "PERCENT",
            defaultValue = "0.4%",
            description = "Chance of any false alarm over all cells (default: 0.4%%).")
    private String alpha;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, markdown, json or junit (default: text).")
    private ChangeTable format;

    Criteria criteria() {
        double effect = Percentages.share("--min-effect", minEffect);
        double least = Percentages.share("--tolerance", tolerance);
        if (least > effect) {
            throw HarnessException.badInput(
                    "--tolerance " + tolerance + " is more than --min-effect " + minEffect + ": use a smaller one");
        }
        if (format == ChangeTable.JUNIT && metrics.size() > 1) {
            throw HarnessException.badInput("--format junit writes one metric: give --metric once");
        }
        return new Criteria(effect, least, Percentages.share("--alpha", alpha));
    }

    List<String> metrics() {
        return List.copyOf(metrics);
    }

    /** A line above the tables, where people read them. */
    void heading(PrintWriter out, String text) {
        if (format == ChangeTable.TEXT || format == ChangeTable.MARKDOWN) {
            out.println(text);
            out.println();
        }
    }

    /** The verdict over all cells in one line, where people read it. */
    void verdict(FolderComparison comparison, PrintWriter out) {
        long regressed = comparison.count(Change.REGRESSED);
        int needed = comparison.cells().stream()
                .filter(cell -> cell.change() == Change.UNDERPOWERED)
                .mapToInt(CellChange::runsNeeded)
                .max()
                .orElse(0);
        String verdict = regressed > 0
                ? "regressed: " + regressed + " of " + comparison.cells().size() + " cells"
                : needed > 0
                        ? "underpowered: " + needed + " pairs of each cell would tell"
                        : comparison.cells().stream()
                                        .allMatch(cell -> cell.change().decided())
                                ? "pass"
                                : "undecided: too few valid pairs";
        heading(out, "verdict in " + comparison.metric() + ": " + verdict);
    }

    void print(FolderComparison comparison, PrintWriter out) {
        format.print(comparison, out);
    }
}
