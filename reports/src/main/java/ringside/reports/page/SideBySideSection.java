package ringside.reports.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import ringside.reports.model.Cell;
import ringside.reports.model.Estimate;
import ringside.reports.model.Numbers;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/**
 * Servers beside each other, case by case: rate, tail latency, the server's CPU time per request, and what its collector
 * added. Only where a server in a process of its own was measured.
 */
final class SideBySideSection {
    private static final String SERVER_CPU = "server_cpu_per_io";
    private static final List<String> HEAD = List.of(
            "",
            "IOPS",
            "of the best",
            "p50",
            "p99",
            "p99.9",
            "server CPU/req",
            "client CPU/req",
            "collections",
            "runs");

    private SideBySideSection() {}

    /** Whether the folder has anything to show here. */
    static boolean applies(ReportModel model) {
        return model.cells().stream().anyMatch(cell -> cell.estimate(SERVER_CPU).isPresent());
    }

    static void write(Html html, ReportModel model) {
        if (!applies(model)) {
            return;
        }
        html.raw("<section id=\"side-by-side\">\n");
        html.element("h2", "", "Side by side");
        html.paragraph("Medians over the runs that count, every row of a table with the same load in the same session."
                + " Latency is what the load generator saw; CPU time is of the whole process per request, kernel work"
                + " for it included; collections are the pauses of the server's garbage collector over its whole life, start"
                + " included, with the longest."
                + " A dash stands for what cannot be known of that program: fio is load and server in one, and"
                + " only Ringside's server tells of its collector.");
        for (Point point : model.points()) {
            table(html, model, point);
        }
        html.raw("</section>\n");
    }

    private static void table(Html html, ReportModel model, Point point) {
        double best = model.series().stream()
                .flatMap(series -> iops(model, point, series).stream())
                .mapToDouble(Estimate::median)
                .max()
                .orElse(0);
        if (best == 0) {
            return;
        }
        List<List<Object>> rows = new ArrayList<>();
        for (String series : model.series()) {
            model.cell(point, series).ifPresent(cell -> rows.add(row(series, cell, best)));
        }
        html.table(point.label(), HEAD, rows);
    }

    private static Optional<Estimate> iops(ReportModel model, Point point, String series) {
        return model.cell(point, series).flatMap(cell -> cell.estimate("iops"));
    }

    private static List<Object> row(String series, Cell cell, double best) {
        Optional<Estimate> iops = cell.estimate("iops");
        List<Object> row = new ArrayList<>();
        row.add(series);
        row.add(iops.map(Numbers::si).orElse("no valid run"));
        row.add(iops.map(value -> Numbers.percent(value.median() / best)).orElse(""));
        row.add(shown(cell, "lat_p50", Numbers::duration));
        row.add(shown(cell, "lat_p99", Numbers::duration));
        row.add(shown(cell, "lat_p99_9", Numbers::duration));
        row.add(shown(cell, SERVER_CPU, Numbers::duration));
        row.add(shown(cell, "client_cpu_per_io", Numbers::duration));
        row.add(collections(cell));
        row.add(cell.valid().size() + " of " + cell.planned());
        return row;
    }

    private static String collections(Cell cell) {
        Optional<Estimate> count = cell.estimate("server_gc_count");
        if (count.isEmpty()) {
            return "—";
        }
        boolean none = count.get().runs().stream().allMatch(runs -> runs == 0);
        return none
                ? "none"
                : Numbers.si(count.get().median()) + " (" + shown(cell, "server_gc_max_pause", Numbers::duration) + ")";
    }

    private static String shown(Cell cell, String metric, DoubleFunction<String> form) {
        return cell.estimate(metric)
                .map(estimate -> form.apply(estimate.median()))
                .orElse("—");
    }
}
