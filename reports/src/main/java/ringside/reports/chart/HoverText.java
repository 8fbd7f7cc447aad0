package ringside.reports.chart;

import java.math.BigDecimal;
import ringside.harness.results.RunResult;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.ReportModel;

/** What a mark says when it is pointed at: the configuration, every digit, and the command that repeats it. */
final class HoverText {
    /** Of more cells the page would grow by the commands; Explore shows each there. */
    private static final int COMMANDS = 200;

    private static final int LINE_CHARACTERS = 90;

    private HoverText() {}

    /** An estimate of a cell, in the unit of the results. */
    static String estimate(ReportModel model, Cell cell, Estimate estimate, String unit) {
        return "%s\nmedian %s %s\n%s %s to %s, %d %s%s"
                .formatted(
                        Tables.name(model, cell),
                        exact(estimate.median()),
                        unit,
                        estimate.intervalName(),
                        exact(estimate.interval().low()),
                        exact(estimate.interval().high()),
                        estimate.runs().size(),
                        estimate.runs().size() == 1 ? "run" : "runs",
                        command(model, cell));
    }

    /** A line end and the command that repeats a cell; empty where it has not run, or there are too many cells. */
    static String command(ReportModel model, Cell cell) {
        if (model.cells().size() > COMMANDS) {
            return "";
        }
        return cell.runs().stream()
                .map(RunResult::command)
                .findFirst()
                .map(HoverText::broken)
                .orElse("");
    }

    /** As in the JSON, without an exponent. */
    static String exact(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : "none";
    }

    private static String broken(String command) {
        StringBuilder text = new StringBuilder();
        int line = LINE_CHARACTERS; // the first word begins a line
        for (String word : command.split(" ")) {
            if (line + word.length() > LINE_CHARACTERS) {
                text.append('\n');
                line = 0;
            } else {
                text.append(' ');
            }
            text.append(word);
            line += word.length() + 1;
        }
        return text.toString();
    }
}
