package ringside.reports.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The order of axes and of their values. The suite's text decides; what it does not list (a value given on the command
 * line, an axis inherited from another suite) follows by size where all values are numbers, else as it first occurs.
 */
final class AxisOrder {
    private static final Pattern SIZE =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);
    private static final String PREFIXES = "kmgt";
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private AxisOrder() {}

    /** The axes of these points. */
    static List<Axis> of(String suiteYaml, List<Map<String, String>> points) {
        Map<String, List<String>> said = said(suiteYaml);
        Map<String, Set<String>> found = new LinkedHashMap<>();
        said.keySet().forEach(name -> found.put(name, new LinkedHashSet<>()));
        for (Map<String, String> point : points) {
            point.forEach((name, value) ->
                    found.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(value));
        }
        List<Axis> axes = new ArrayList<>();
        found.forEach((name, values) -> {
            if (!values.isEmpty()) {
                axes.add(new Axis(name, ordered(values, said.getOrDefault(name, List.of()))));
            }
        });
        return axes;
    }

    private static List<String> ordered(Set<String> values, List<String> said) {
        List<String> result = new ArrayList<>(said);
        result.retainAll(values);
        List<String> rest = new ArrayList<>(values);
        rest.removeAll(result);
        if (rest.stream().allMatch(value -> number(value).isPresent())) {
            rest.sort(Comparator.comparingDouble(value -> number(value).orElseThrow()));
        }
        result.addAll(rest);
        return result;
    }

    /** A count or a size such as {@code 4k}; empty for words. */
    static OptionalDouble number(String value) {
        Matcher matcher = SIZE.matcher(value.strip());
        if (!matcher.matches()) {
            return OptionalDouble.empty();
        }
        int prefix = matcher.group(2).isEmpty()
                ? 0
                : PREFIXES.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
        return OptionalDouble.of(Double.parseDouble(matcher.group(1)) * Math.pow(1024, prefix));
    }

    private static Map<String, List<String>> said(String suiteYaml) {
        Map<String, List<String>> result = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> axis :
                axes(suiteYaml).map(JsonNode::properties).orElse(Set.of())) {
            List<String> values = new ArrayList<>();
            for (JsonNode value : axis.getValue()) {
                values.add(value.asString(""));
            }
            result.put(axis.getKey(), values);
        }
        return result;
    }

    private static Optional<JsonNode> axes(String suiteYaml) {
        try {
            return Optional.ofNullable(YAML.readTree(suiteYaml))
                    .map(root -> root.path("axes"))
                    .filter(JsonNode::isObject);
        } catch (JacksonException e) {
            // The harness has long refused a broken suite; an old form that we cannot read costs only the order.
            return Optional.empty();
        }
    }
}
