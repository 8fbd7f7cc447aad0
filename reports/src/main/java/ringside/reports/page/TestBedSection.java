package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunResult;
import ringside.reports.model.ReportModel;

/** On what it was measured, in the few lines that a reader needs; {@link ProvenanceSection} has all of them. */
final class TestBedSection {
    private static final List<String> MACHINE = List.of(
            "target",
            "threading",
            "transport",
            "disks",
            "queues",
            "queue-size",
            "ring",
            "vcpus",
            "iothreads",
            "vq-mapping",
            "poll-max-ns",
            "completion",
            "memory");
    private static final List<String> DISK =
            List.of("driver", "image", "image-dir", "disk-size", "cache", "aio", "latency-ns", "locking");
    private static final int MOST = 3;

    private TestBedSection() {}

    /** Whether any run has finished: only runs know the host. */
    static boolean applies(ReportModel model) {
        return !model.folder().results().isEmpty();
    }

    static void write(Html html, ReportModel model) {
        if (!applies(model)) {
            return;
        }
        html.raw("<section id=\"test-bed\">\n");
        html.element("h2", "", "Test bed");
        html.table("What it was measured on; several values where runs differ", List.of("part", "what"), rows(model));
        html.raw(
                "<p class=\"read\"><a href=\"#provenance\">All facts, flags and revisions</a> stand at the end.</p>\n");
        html.raw("</section>\n");
    }

    private static List<List<Object>> rows(ReportModel model) {
        List<List<Object>> rows = new ArrayList<>();
        row(rows, "processor", joined(host(model, "cpu"), cores(model), host(model, "architecture")));
        row(rows, "host is virtual", host(model, "hypervisor"));
        row(rows, "memory", facts(model, run -> memory(run.provenance().host().getOrDefault("memory", ""))));
        row(rows, "kernel", host(model, "kernel"));
        row(rows, "frequency governor", host(model, "governor"));
        row(rows, "huge pages", host(model, "transparent_hugepage"));
        row(rows, "clock", host(model, "clocksource"));
        row(rows, "Java", facts(model, run -> jvm(run.provenance())));
        row(rows, "Ringside", facts(model, run -> revision(run.provenance())));
        row(rows, "other programs", facts(model, run -> run.options().getOrDefault("server-version", "")));
        row(rows, "emulated machine", options(model, MACHINE));
        row(rows, "storage", options(model, DISK));
        return rows;
    }

    private static void row(List<List<Object>> rows, String part, String what) {
        if (!what.isEmpty()) {
            rows.add(List.of(part, what));
        }
    }

    private static String joined(String... parts) {
        return List.of(parts).stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    private static String host(ReportModel model, String name) {
        return facts(model, run -> run.provenance().host().getOrDefault(name, ""));
    }

    private static String cores(ReportModel model) {
        String cores = host(model, "cores");
        return cores.isEmpty() ? "" : cores + " CPUs for the process";
    }

    private static String facts(ReportModel model, Function<RunResult, String> fact) {
        Set<String> values = new LinkedHashSet<>();
        model.folder().results().forEach(run -> values.add(fact.apply(run)));
        values.remove("");
        String shown = values.stream().limit(MOST).collect(Collectors.joining(" | "));
        return values.size() > MOST ? shown + " | and " + (values.size() - MOST) + " more" : shown;
    }

    /** The kernel tells kibibytes. */
    private static String memory(String value) {
        if (!value.matches("\\d{1,15} kB")) {
            return value;
        }
        long kib = Long.parseLong(value.substring(0, value.indexOf(' ')));
        return String.format(Locale.ROOT, "%.1f GiB", kib / 1048576.0);
    }

    private static String jvm(Provenance provenance) {
        Map<String, String> jvm = provenance.jvm();
        return joined(
                jvm.getOrDefault("vm", ""),
                jvm.getOrDefault("version", ""),
                jvm.containsKey("collector") ? "collector " + jvm.get("collector") : "");
    }

    private static String revision(Provenance provenance) {
        return provenance.ringsideVersion() + ", revision " + provenance.gitRevision();
    }

    private static String options(ReportModel model, List<String> names) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : names) {
            String text = OptionText.of(model, name);
            if (!text.isEmpty()) {
                found.put(name, text);
            }
        }
        return found.entrySet().stream()
                .map(option -> option.getKey() + " " + option.getValue())
                .collect(Collectors.joining("; "));
    }
}
