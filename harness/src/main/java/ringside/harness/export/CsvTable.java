package ringside.harness.export;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;

/** A line per run (RFC 4180): suite, cell, repetition, order, status, reason, the axes, then every metric in its own unit. */
final class CsvTable {
    private static final List<String> FIXED = List.of("suite", "cell", "repetition", "order", "status", "reason");

    private CsvTable() {}

    static void write(List<RunResult> runs, PrintWriter out) {
        SequencedSet<String> axes = new LinkedHashSet<>();
        TreeSet<String> metrics = new TreeSet<>();
        for (RunResult run : runs) {
            axes.addAll(run.axes().keySet());
            metrics.addAll(run.metrics().keySet());
        }
        List<String> header = new ArrayList<>(FIXED);
        axes.forEach(axis -> header.add("axis." + axis));
        metrics.forEach(metric -> header.add(metric + unit(runs, metric)));
        line(header, out);
        for (RunResult run : runs) {
            List<String> cells = new ArrayList<>(List.of(
                    run.suite(),
                    run.cell(),
                    Integer.toString(run.repetition()),
                    Integer.toString(run.order()),
                    run.status().label(),
                    run.reason()));
            axes.forEach(axis -> cells.add(run.axes().getOrDefault(axis, "")));
            metrics.forEach(metric -> cells.add(value(run.metrics().get(metric))));
            line(cells, out);
        }
    }

    private static String unit(List<RunResult> runs, String metric) {
        return runs.stream()
                .map(run -> run.metrics().get(metric))
                .filter(value -> value != null)
                .findFirst()
                .map(value -> value.unit().equals("1") ? "" : " [" + value.unit() + "]")
                .orElse("");
    }

    /** A whole number without a fraction, else all digits that tell it apart. */
    private static String value(Metric metric) {
        if (metric == null) {
            return "";
        }
        double value = metric.value();
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static void line(List<String> cells, PrintWriter out) {
        out.print(cells.stream().map(CsvTable::quote).collect(Collectors.joining(",")));
        out.print("\r\n");
    }

    /** A text that a spreadsheet would take for a formula is made a text. */
    private static String quote(String cell) {
        boolean formula = !cell.isEmpty() && "=+@\t".indexOf(cell.charAt(0)) >= 0;
        String text = formula ? "'" + cell : cell;
        return text.matches("(?s).*[\",\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
