package ringside.harness.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A suite as self-contained YAML: nothing inherited, everything that the command line changed included. */
public final class SuiteText {
    private SuiteText() {}

    /** The text; {@link SuiteFile#parse} gives an equal suite back. */
    public static String of(SuiteSpec suite) {
        StringBuilder text = new StringBuilder();
        line(text, "name", suite.name());
        line(text, "title", suite.title());
        if (!suite.description().isEmpty()) {
            line(text, "description", suite.description());
        }
        text.append("repeats: ").append(suite.repeats()).append('\n');
        text.append("seed: ").append(suite.seed()).append('\n');
        for (Option.Section section : Option.Section.values()) {
            section(text, section, suite);
        }
        if (!suite.servers().isEmpty()) {
            text.append("servers:\n");
            suite.servers().forEach((name, command) -> line(text.append("  "), name, command));
        }
        axes(text, suite);
        if (!suite.exclude().isEmpty()) {
            text.append("exclude:\n");
            suite.exclude()
                    .forEach(match -> text.append("  - ").append(inline(match)).append('\n'));
        }
        adjust(text, suite.adjust());
        text.append("compare: {axis: ").append(quote(suite.compare().axis()));
        text.append(", baseline: ").append(quote(suite.compare().baseline()));
        text.append(", contender: ").append(quote(suite.compare().contender())).append("}\n");
        return text.toString();
    }

    private static void section(StringBuilder text, Option.Section section, SuiteSpec suite) {
        Map<String, String> entries = new TreeMap<>();
        suite.settings().forEach((name, value) -> {
            if (SuiteOption.find(name, section).isPresent()) {
                entries.put(name, value);
            }
        });
        if (section == Option.Section.JOB && !suite.jobFile().isEmpty()) {
            entries.put("file", suite.jobFile());
        }
        if (!entries.isEmpty()) {
            text.append(section.name().toLowerCase(Locale.ROOT)).append(":\n");
            entries.forEach((name, value) -> line(text.append("  "), name, value));
        }
    }

    private static void axes(StringBuilder text, SuiteSpec suite) {
        AxisRules rules = suite.axisRules();
        List<String> single = suite.axes().keySet().stream()
                .filter(axis -> rules.group(axis).size() == 1)
                .toList();
        if (!single.isEmpty()) {
            text.append("axes:\n");
        }
        for (String axis : single) {
            String values = list(suite.axes().get(axis));
            text.append("  ").append(axis).append(": ");
            text.append(
                    rules.when().containsKey(axis)
                            ? "{values: " + values + ", when: "
                                    + inline(rules.when().get(axis)) + "}"
                            : values);
            text.append('\n');
        }
        if (!rules.zips().isEmpty()) {
            text.append("zip:\n");
        }
        for (List<String> group : rules.zips()) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            group.forEach(axis -> values.put(axis, suite.axes().get(axis)));
            text.append("  - ").append(inline(values)).append('\n');
        }
    }

    private static void adjust(StringBuilder text, List<SuiteSpec.Adjustment> adjustments) {
        if (adjustments.isEmpty()) {
            return;
        }
        text.append("adjust:\n");
        for (SuiteSpec.Adjustment adjustment : adjustments) {
            String set = adjustment.set().entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + quote(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
            text.append("  - {when: ").append(inline(adjustment.when())).append(", set: ");
            text.append(set).append("}\n");
        }
    }

    private static String inline(Map<String, List<String>> match) {
        return match.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + list(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String list(List<String> values) {
        return values.stream().map(SuiteText::quote).collect(Collectors.joining(", ", "[", "]"));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(quote(value)).append('\n');
    }

    private static String quote(String value) {
        if (value.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            return value;
        }
        String escaped = value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t");
        return '"' + escaped + '"';
    }
}
