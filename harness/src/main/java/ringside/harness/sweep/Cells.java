package ringside.harness.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteSpec;

/** The cells of a suite. */
public final class Cells {
    private Cells() {}

    /**
     * All cells, the last axis varying fastest.
     *
     * @throws HarnessException if everything is excluded
     */
    public static List<Cell> of(SuiteSpec suite) {
        List<Cell> all = product(suite);
        Set<Cell> excluded = new HashSet<>();
        for (Map<String, List<String>> exclusion : suite.exclude()) {
            List<Cell> matched = all.stream()
                    .filter(cell -> matches(exclusion, cell.options()))
                    .toList();
            excluded.addAll(matched);
        }
        List<Cell> left = all.stream().filter(cell -> !excluded.contains(cell)).toList();
        if (left.isEmpty()) {
            throw HarnessException.badInput(
                    "suite " + suite.name() + ": all " + all.size() + " cells are excluded: nothing is left to run");
        }
        return left;
    }

    /**
     * Checks a suite as it was written: an exclusion that matches nothing is a slip there, but no longer one when the
     * command line has narrowed the axes.
     *
     * @throws HarnessException if an exclusion matches nothing
     */
    public static void checkExclusions(SuiteSpec suite) {
        List<Cell> all = product(suite);
        for (Map<String, List<String>> exclusion : suite.exclude()) {
            if (all.stream().noneMatch(cell -> matches(exclusion, cell.options()))) {
                throw HarnessException.badInput("suite " + suite.name() + ": the exclusion " + describe(exclusion)
                        + " matches no cell: correct or remove it");
            }
        }
    }

    private static List<Cell> product(SuiteSpec suite) {
        List<Map<String, String>> points = List.of(Map.of());
        Set<String> done = new HashSet<>();
        for (String axis : suite.axes().keySet()) {
            if (done.add(axis)) {
                List<String> group = suite.axisRules().group(axis);
                done.addAll(group);
                points = extend(points, suite, group);
            }
        }
        Set<String> ids = new HashSet<>();
        return points.stream()
                .map(axes -> meaningful(suite, axes))
                .distinct()
                .map(axes -> new Cell(uniqueId(axes, ids), axes, options(suite, axes)))
                .toList();
    }

    private static List<Map<String, String>> extend(
            List<Map<String, String>> points, SuiteSpec suite, List<String> group) {
        List<Map<String, String>> extended = new ArrayList<>();
        for (Map<String, String> point : points) {
            for (int i = 0; i < suite.axes().get(group.getFirst()).size(); i++) {
                Map<String, String> longer = new LinkedHashMap<>(point);
                for (String axis : group) {
                    longer.put(axis, suite.axes().get(axis).get(i));
                }
                extended.add(longer);
            }
        }
        return extended;
    }

    /** Without the axes whose condition the point does not meet; one that goes may take others with it. */
    private static Map<String, String> meaningful(SuiteSpec suite, Map<String, String> point) {
        Map<String, String> left = new LinkedHashMap<>(point);
        boolean changed;
        do {
            Map<String, String> options = options(suite, left);
            changed = suite.axisRules().when().entrySet().stream()
                    .filter(rule -> !matches(rule.getValue(), options))
                    .map(rule -> left.remove(rule.getKey()) != null)
                    .reduce(false, Boolean::logicalOr);
        } while (changed);
        return left;
    }

    private static Map<String, String> options(SuiteSpec suite, Map<String, String> axes) {
        Map<String, String> options = new LinkedHashMap<>();
        for (Option option : Option.values()) {
            boolean fromFile =
                    option.section() == Option.Section.JOB && !suite.jobFile().isEmpty();
            options.put(option.label(), fromFile ? "" : option.defaultValue());
        }
        options.putAll(suite.settings());
        options.putAll(axes);
        for (SuiteSpec.Adjustment adjustment : suite.adjust()) {
            if (matches(adjustment.when(), options)) {
                adjustment.set().forEach((name, value) -> options.put(name, axes.getOrDefault(name, value)));
            }
        }
        return options;
    }

    private static boolean matches(Map<String, List<String>> wanted, Map<String, String> options) {
        return wanted.entrySet().stream().allMatch(entry -> entry.getValue().contains(options.get(entry.getKey())));
    }

    private static String uniqueId(Map<String, String> axes, Set<String> taken) {
        String plain = axes.isEmpty()
                ? "cell"
                : axes.entrySet().stream().map(Cells::idPart).collect(Collectors.joining("_"));
        String id = plain;
        for (int i = 2; !taken.add(id); i++) {
            id = plain + "-" + i;
        }
        return id;
    }

    private static String idPart(Map.Entry<String, String> axis) {
        String value = axis.getValue().replaceAll("[^A-Za-z0-9.+-]", "-");
        return Character.isLetter(value.codePointAt(0)) ? value : axis.getKey() + value;
    }

    private static String describe(Map<String, List<String>> exclusion) {
        return exclusion.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + String.join(" or ", entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
