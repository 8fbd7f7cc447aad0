package ringside.reports.chart;

import java.math.BigDecimal;
import ringside.harness.results.RunResult;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** What a mark says when it is pointed at: the configuration, every digit, and the command that repeats it. */
final class HoverText {
    /** Of more cells the page would grow too much by digits and commands; tables and Explore have them there. */
    private static final int MOST_CELLS = 200;

    private static final int LINE_CHARACTERS = 90;

    private HoverText() {}

    /**
     * An estimate of a cell.
     *
     * @param shown the median as the rest of the page shows it
     * @param unit of the results
     */
    static String estimate(ReportModel model, Cell cell, Estimate estimate, String shown, String unit) {
        return "%s\nmedian %s%s\n%s %s to %s, %d %s%s"
                .formatted(
                        Tables.name(model, cell),
                        shown,
                        exactly(model, estimate.median(), unit),
                        estimate.intervalName(),
                        bound(model, estimate.interval().low()),
                        bound(model, estimate.interval().high()),
                        estimate.runs().size(),
                        estimate.runs().size() == 1 ? "run" : "runs",
                        command(model, cell));
    }

    /** All digits of a figure, for behind its short form; empty where there are too many cells. */
    static String exactly(ReportModel model, double value, String unit) {
        return isRoomy(model) ? ", exactly " + exact(value) + (unit.isEmpty() ? "" : " (" + unit + ")") : "";
    }

    private static String bound(ReportModel model, double value) {
        return isRoomy(model) ? exact(value) : Numbers.si(value);
    }

    private static boolean isRoomy(ReportModel model) {
        return model.cells().size() <= MOST_CELLS;
    }

    /** A line end and the command that repeats a cell; empty where it has not run, or there are too many cells. */
    static String command(ReportModel model, Cell cell) {
        if (!isRoomy(model)) {
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
