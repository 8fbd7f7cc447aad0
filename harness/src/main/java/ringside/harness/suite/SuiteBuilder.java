package ringside.harness.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ringside.harness.results.Compared;
import ringside.harness.results.RunFolder;

/** Collects a suite's parts from its file and the suites it extends; later parts win. */
final class SuiteBuilder {
    private String name = "";
    private String title = "";
    private String description = "";
    private int repeats = 3;
    private long seed = 1;
    private String jobFile = "";
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, List<String>> axes = new LinkedHashMap<>();
    private final List<List<String>> zips = new ArrayList<>();
    private final Map<String, Map<String, List<String>>> when = new LinkedHashMap<>();
    private final List<Map<String, List<String>>> exclude = new ArrayList<>();
    private final List<SuiteSpec.Adjustment> adjust = new ArrayList<>();
    private final Map<String, String> servers = new LinkedHashMap<>();
    private Compared compare = RunFolder.DEFAULT_COMPARED;

    /** Applies one file's content. */
    void apply(Map<String, YamlNode> root) {
        root.forEach(this::applyKey);
    }

    SuiteSpec build(String fallbackName) {
        String finalName = name.isEmpty() ? fallbackName : name;
        return new SuiteSpec(
                finalName,
                title.isEmpty() ? finalName : title,
                description,
                repeats,
                seed,
                settings,
                jobFile,
                axes,
                new AxisRules(zips, when),
                exclude,
                adjust,
                servers,
                compare);
    }

    private void applyKey(String key, YamlNode node) {
        switch (key) {
            case "name" -> name = checkedName(node);
            case "title" -> title = node.text(key);
            case "description" -> description = node.text(key);
            case "repeats" -> repeats = (int) number(node, key, 1, 10_000);
            case "seed" -> seed = number(node, key, 0, Long.MAX_VALUE);
            case "machine" -> section(Option.Section.MACHINE, node.mapping(key));
            case "disk" -> section(Option.Section.DISK, node.mapping(key));
            case "job" -> section(Option.Section.JOB, node.mapping(key));
            case "axes" -> node.mapping(key).forEach(this::axis);
            case "zip" -> node.items(key).forEach(this::zip);
            case "exclude" -> node.items(key).forEach(this::exclusion);
            case "adjust" -> node.items(key).forEach(this::adjustment);
            case "servers" -> node.mapping(key).forEach(this::server);
            case "compare" -> compare = compared(node);
            case "extends" -> {}
            default ->
                throw node.place()
                        .error("unknown key '" + key + "': use name, title, description, extends, repeats, seed,"
                                + " machine, disk, job, servers, axes, zip, exclude, adjust or compare");
        }
    }

    private static String checkedName(YamlNode node) {
        String text = node.text("name");
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw node.place().error("name '" + text + "' must consist of letters, digits, '.', '_' and '-'");
        }
        return text;
    }

    private void section(Option.Section section, Map<String, YamlNode> entries) {
        entries.forEach((key, node) -> {
            if (section == Option.Section.JOB && key.equals("file")) {
                jobFile = node.text(key);
                return;
            }
            SuiteOption option = SuiteOption.find(
                            section == Option.Section.DISK && key.equals("size") ? "disk-size" : key, section)
                    .orElseThrow(() -> node.place()
                            .error("unknown option '" + key + "': use " + String.join(", ", Option.labels(section))
                                    + (section == Option.Section.JOB
                                            ? ", or another one of docs/fio-options.md"
                                            : "")));
            removeAxis(option.label());
            settings.put(option.label(), checked(option, node));
        });
    }

    private void removeAxis(String axisName) {
        axes.remove(axisName);
        AxisRules left = new AxisRules(zips, when).without(axisName);
        zips.clear();
        zips.addAll(left.zips());
        when.remove(axisName);
    }

    private void axis(String axisName, YamlNode node) {
        if (node instanceof YamlNode.Mapping mapping) {
            dependentAxis(axisName, mapping);
            return;
        }
        when.remove(axisName);
        values(axisName, node, false);
    }

    private void dependentAxis(String axisName, YamlNode.Mapping node) {
        if (!node.entries().keySet().equals(Set.of("values", "when"))) {
            throw node.place().error("axis '" + axisName + "' must be a list, or have exactly 'values' and 'when'");
        }
        values(axisName, node.entries().get("values"), false);
        Map<String, List<String>> condition = match(node.entries().get("when"), "when");
        if (condition.containsKey(axisName)) {
            throw node.place().error("axis '" + axisName + "' cannot depend on itself");
        }
        when.put(axisName, condition);
    }

    private void zip(YamlNode node) {
        Map<String, YamlNode> entries = node.mapping("an entry of zip");
        if (entries.size() < 2) {
            throw node.place().error("an entry of zip needs two axes or more: write a single one under axes");
        }
        int length = -1;
        for (Map.Entry<String, YamlNode> entry : entries.entrySet()) {
            removeAxis(entry.getKey());
            values(entry.getKey(), entry.getValue(), true);
            int own = axes.get(entry.getKey()).size();
            if (length >= 0 && own != length) {
                throw entry.getValue()
                        .place()
                        .error("axes that advance together need as many values each: '" + entry.getKey() + "' has "
                                + own + ", another one " + length);
            }
            length = own;
        }
        zips.add(List.copyOf(entries.keySet()));
    }

    private void values(String axisName, YamlNode node, boolean inZip) {
        SuiteOption option = option(axisName, node, "axis");
        boolean zipped = new AxisRules(zips, when).group(axisName).size() > 1;
        if (zipped) {
            removeAxis(axisName);
        }
        List<YamlNode> items = node.items("axis '" + axisName + "'");
        if (items.isEmpty()) {
            throw node.place().error("axis '" + axisName + "' is empty: list at least one value or remove it");
        }
        List<String> values = new ArrayList<>();
        for (YamlNode item : items) {
            String value = checked(option, item);
            if (values.contains(value) && !inZip) {
                throw item.place().error("axis '" + axisName + "' lists '" + value + "' twice");
            }
            values.add(value);
        }
        settings.remove(axisName);
        axes.put(axisName, List.copyOf(values));
    }

    private void exclusion(YamlNode node) {
        exclude.add(match(node, "exclude"));
    }

    private void adjustment(YamlNode node) {
        Map<String, YamlNode> entries = node.mapping("an entry of adjust");
        if (!entries.keySet().equals(Set.of("when", "set"))) {
            throw node.place().error("an entry of adjust needs exactly 'when' and 'set'");
        }
        Map<String, String> set = new LinkedHashMap<>();
        entries.get("set").mapping("set").forEach((key, value) -> {
            SuiteOption option = option(key, value, "option");
            set.put(key, checked(option, value));
        });
        adjust.add(new SuiteSpec.Adjustment(match(entries.get("when"), "when"), set));
    }

    private void server(String serverName, YamlNode node) {
        try {
            servers.put(serverName, CommandTemplate.parse(node.text("server")).text());
        } catch (IllegalArgumentException e) {
            throw node.place().error("server '" + serverName + "': " + e.getMessage());
        }
    }

    private static Map<String, List<String>> match(YamlNode node, String what) {
        Map<String, List<String>> match = new LinkedHashMap<>();
        node.mapping("an entry of " + what).forEach((key, value) -> {
            SuiteOption option = option(key, value, "option in " + what);
            List<YamlNode> items = value.items(what);
            match.put(key, items.stream().map(item -> checked(option, item)).toList());
        });
        if (match.isEmpty()) {
            throw node.place().error("an empty entry of " + what + " would match every cell: remove it");
        }
        return match;
    }

    private static Compared compared(YamlNode node) {
        Map<String, YamlNode> entries = node.mapping("compare");
        for (Map.Entry<String, YamlNode> entry : entries.entrySet()) {
            if (!List.of("axis", "baseline", "contender").contains(entry.getKey())) {
                throw entry.getValue()
                        .place()
                        .error("unknown key '" + entry.getKey() + "' in compare: use axis, baseline and contender");
            }
        }
        if (entries.size() != 3) {
            throw node.place().error("compare needs axis, baseline and contender");
        }
        SuiteOption option = option(entries.get("axis").text("axis"), entries.get("axis"), "axis");
        return new Compared(
                option.label(), checked(option, entries.get("baseline")), checked(option, entries.get("contender")));
    }

    private static SuiteOption option(String label, YamlNode node, String what) {
        return SuiteOption.find(label)
                .orElseThrow(() ->
                        node.place().error("unknown " + what + " '" + label + "': use one of " + Option.allLabels()));
    }

    private static String checked(SuiteOption option, YamlNode node) {
        String value = node.text(option.label());
        try {
            option.check(value);
        } catch (IllegalArgumentException e) {
            throw node.place().error(option.label() + ": " + e.getMessage());
        }
        return value;
    }

    private static long number(YamlNode node, String key, long minimum, long maximum) {
        try {
            long value = Long.parseLong(node.text(key));
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw node.place().error(key + " must be a whole number, it is '" + node.text(key) + "'");
        }
        throw node.place().error(key + " must be " + minimum + ".." + maximum + ", it is " + node.text(key));
    }
}
