package ringside.harness.export;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/**
 * OpenMetrics 1.0 text: a gauge per metric, a sample per run. Values are in base units (seconds, bytes), as the format
 * asks for; labels are suite, cell, repetition, status and the axes.
 */
final class OpenMetrics {
    private static final double NS_PER_S = 1e9;

    private OpenMetrics() {}

    static void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
        Map<String, Metric> families = new TreeMap<>();
        runs.forEach(run -> run.metrics().forEach(families::putIfAbsent));
        families.forEach((name, sample) -> family(folder, runs, name, sample, out));
        out.print("# EOF\n");
    }

    private static void family(RunFolder folder, List<RunResult> runs, String name, Metric sample, PrintWriter out) {
        String unit = unit(sample.unit());
        String family = "ringside_" + name(name) + (unit.isEmpty() ? "" : "_" + unit);
        out.print("# TYPE " + family + " gauge\n");
        if (!unit.isEmpty()) {
            out.print("# UNIT " + family + " " + unit + "\n");
        }
        out.print("# HELP " + family + " " + name + " of a run\n");
        for (RunResult run : runs) {
            Metric metric = run.metrics().get(name);
            if (metric != null) {
                double value = metric.unit().equals("ns") ? metric.value() / NS_PER_S : metric.value();
                out.print(family + labels(folder, run) + " " + value + "\n");
            }
        }
    }

    private static String unit(String unit) {
        return switch (unit) {
            case "ns", "s" -> "seconds";
            case "bytes" -> "bytes";
            case "bytes/s" -> "bytes_per_second";
            case "ratio" -> "ratio";
            default -> "";
        };
    }

    private static String labels(RunFolder folder, RunResult run) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("suite", folder.suite());
        labels.put("cell", run.cell());
        labels.put("repetition", Integer.toString(run.repetition()));
        labels.put("status", run.status().label());
        run.axes().forEach((axis, value) -> labels.putIfAbsent(name(axis), value));
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=\"" + escape(label.getValue()) + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String name(String text) {
        String name = text.replaceAll("[^A-Za-z0-9_]", "_");
        return Character.isDigit(name.codePointAt(0)) ? "_" + name : name;
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
