package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import ringside.harness.results.ResultJson;
import ringside.harness.trend.CellTrend;
import ringside.harness.trend.Trend;
import ringside.harness.trend.TrendChange;

/** A trend in the forms that people and CI systems read. */
enum TrendTable {
    TEXT {
        @Override
        void print(Trend trend, PrintWriter out) {
            int width = trend.cells().stream()
                    .mapToInt(cell -> cell.cell().length())
                    .max()
                    .orElse(4);
            String row = "%-" + Math.max(4, width) + "s %6s %11s %8s  %s%n";
            out.printf(row, "cell", "points", "latest", "scatter", "changes of " + trend.metric());
            for (CellTrend cell : trend.cells()) {
                out.printf(row, cell.cell(), cell.points(), latest(trend, cell), percent(cell.scatter()), count(cell));
                cell.changes().forEach(change -> change(change, "  ", out));
            }
            out.println();
            out.println(summary(trend));
        }
    },
    MARKDOWN {
        @Override
        void print(Trend trend, PrintWriter out) {
            out.println("**" + summary(trend) + "**");
            out.println();
            out.println("| cell | change | sure | last before | first after |");
            out.println("| --- | --- | --- | --- | --- |");
            trend.changes()
                    .forEach(change -> out.println("| " + change.cell().replace("|", "\\|") + " | "
                            + change.kind().label() + " " + size(change) + " | " + sure(change) + " | "
                            + change.lastBefore() + " | " + change.firstAfter() + " |"));
        }
    },
    JSON {
        @Override
        void print(Trend trend, PrintWriter out) {
            out.print(ResultJson.write(trend));
            out.flush();
        }
    };

    private static final double HUNDRED = 100;

    abstract void print(Trend trend, PrintWriter out);

    private static void change(TrendChange change, String indent, PrintWriter out) {
        out.println(indent + change.kind().label() + " " + size(change) + ", " + sure(change) + ": last before "
                + change.lastBefore() + ", first after " + change.firstAfter() + ", " + change.pointsAfter()
                + " points since");
        for (Map.Entry<String, String> difference : change.differences().entrySet()) {
            out.println(indent + "  also " + difference.getKey() + ": " + difference.getValue());
        }
    }

    private static String sure(TrendChange change) {
        return change.confirmed() ? "confirmed" : "suspected";
    }

    private static String size(TrendChange change) {
        return String.format(
                Locale.ROOT,
                "%+.1f %% [%+.1f, %+.1f]",
                HUNDRED * (change.ratio() - 1),
                HUNDRED * (change.interval().low() - 1),
                HUNDRED * (change.interval().high() - 1));
    }

    private static String count(CellTrend cell) {
        String changes = cell.changes().isEmpty()
                ? "none"
                : Integer.toString(cell.changes().size());
        return cell.unsteady() == 0 ? changes : changes + "; " + cell.unsteady() + " points not steady";
    }

    private static String latest(Trend trend, CellTrend cell) {
        double value = cell.values().getLast();
        return "1/s".equals(trend.unit())
                ? Rates.format(value)
                : String.format(Locale.ROOT, "%.4g %s", value, trend.unit());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", HUNDRED * share);
    }

    private static String summary(Trend trend) {
        return String.format(
                Locale.ROOT,
                "%d confirmed and %d suspected changes of %s in %d cells over %d folders of suite %s, from %s to %s;"
                        + " changes of %.3g %% or more",
                trend.changes().filter(TrendChange::confirmed).count(),
                trend.changes().filter(change -> !change.confirmed()).count(),
                trend.metric(),
                trend.cells().size(),
                trend.points(),
                trend.suite(),
                trend.first(),
                trend.last(),
                HUNDRED * trend.minEffect());
    }
}
