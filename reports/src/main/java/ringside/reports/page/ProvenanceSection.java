package ringside.reports.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunResult;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/** Where and how it was measured, and the command that repeats each point. */
final class ProvenanceSection {
    private static final int SHOWN_VALUES = 3;
    private static final int SHOWN_COMMANDS = 100;

    private ProvenanceSection() {}

    static void write(Html html, ReportModel model) {
        html.raw("<section id=\"provenance\">\n");
        html.element("h2", "", "Where and how it was measured");
        Map<String, Set<String>> facts = facts(model);
        List<List<Object>> rows = new ArrayList<>();
        facts.forEach((name, values) -> rows.add(List.of(name, joined(values))));
        if (rows.isEmpty()) {
            html.paragraph("No run has finished, so nothing is known about the host.");
        } else {
            html.table("Host, JVM and version; several values where runs differ", List.of("what", "value"), rows);
        }
        commands(html, model);
        html.raw("<details><summary>The suite as it was run</summary>\n");
        copyable(html, model.folder().suiteYaml());
        html.raw("</details>\n</section>\n");
    }

    /** What changes from run to run, such as the load average, is shown by example. */
    private static String joined(Set<String> values) {
        String shown = values.stream().limit(SHOWN_VALUES).collect(Collectors.joining(" | "));
        int more = values.size() - SHOWN_VALUES;
        return more <= 0 ? shown : shown + " | and " + more + " more, see the JSON files";
    }

    private static Map<String, Set<String>> facts(ReportModel model) {
        Map<String, Set<String>> facts = new LinkedHashMap<>();
        for (RunResult run : model.folder().results()) {
            Provenance provenance = run.provenance();
            provenance.host().forEach((name, value) -> add(facts, name, value));
            provenance.jvm().forEach((name, value) -> add(facts, "JVM " + name, value));
            add(facts, "JVM flags of the worker", String.join(" ", provenance.jvmFlags()));
            add(facts, "Ringside", provenance.ringsideVersion() + ", revision " + provenance.gitRevision());
        }
        startedAt(facts, model.folder().results());
        return facts;
    }

    private static void startedAt(Map<String, Set<String>> facts, List<RunResult> results) {
        if (!results.isEmpty()) {
            List<String> times = results.stream()
                    .map(run -> run.provenance().startedAt())
                    .sorted()
                    .toList();
            add(facts, "runs started", times.getFirst() + " to " + times.getLast());
        }
    }

    private static void add(Map<String, Set<String>> facts, String name, String value) {
        facts.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(value);
    }

    private static void commands(Html html, ReportModel model) {
        html.element("h3", "", "Repeat it");
        if (!model.commandLine().isEmpty()) {
            html.paragraph("The whole suite was run by");
            copyable(
                    html,
                    "ringside "
                            + model.commandLine().stream()
                                    .map(ProvenanceSection::quoted)
                                    .collect(Collectors.joining(" ")));
        }
        Map<String, String> commands = new LinkedHashMap<>();
        model.cells()
                .forEach(cell -> cell.runs().stream()
                        .findFirst()
                        .ifPresent(run -> commands.put(Point.labelOf(cell.axes()), run.command())));
        if (commands.isEmpty()) {
            return;
        }
        boolean many = commands.size() > SHOWN_COMMANDS;
        html.raw("<details" + (many ? "" : " open") + "><summary>One command per point"
                + (many ? ", the first " + SHOWN_COMMANDS + " of " + commands.size() + "; Explore shows each" : "")
                + "</summary>\n<dl class=\"commands\">\n");
        commands.entrySet().stream().limit(SHOWN_COMMANDS).forEach(entry -> {
            html.element("dt", "", entry.getKey()).raw("<dd>");
            copyable(html, entry.getValue());
            html.raw("</dd>\n");
        });
        html.raw("</dl></details>\n");
    }

    /** A word as a shell reads it back. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static void copyable(Html html, String text) {
        html.raw("<div class=\"copyable\">");
        html.element("pre", "tabindex=\"0\"", text);
        html.raw("<button type=\"button\" class=\"copy\">Copy</button></div>\n");
    }
}
