package ringside.harness.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the axes of a suite depend on one another.
 *
 * @param zips groups of axes whose values advance together: the first of each, the second of each
 * @param when for an axis that has a meaning in some cells only, the options and values that such a cell has; others do without
 *     the axis
 */
public record AxisRules(List<List<String>> zips, Map<String, Map<String, List<String>>> when) {
    /** Every axis is combined with every other. */
    public static final AxisRules NONE = new AxisRules(List.of(), Map.of());

    public AxisRules {
        zips = List.copyOf(zips);
        when = new LinkedHashMap<>(when);
    }

    /** The group that an axis advances with; itself alone where there is none. */
    public List<String> group(String axis) {
        return zips.stream().filter(group -> group.contains(axis)).findFirst().orElse(List.of(axis));
    }

    /** Without an axis: what advanced with it goes on without it. */
    AxisRules without(String axis) {
        List<List<String>> left = new ArrayList<>();
        for (List<String> group : zips) {
            List<String> rest =
                    group.stream().filter(name -> !name.equals(axis)).toList();
            if (rest.size() > 1) {
                left.add(rest);
            }
        }
        Map<String, Map<String, List<String>>> conditions = new LinkedHashMap<>(when);
        conditions.remove(axis);
        return new AxisRules(left, conditions);
    }
}
