package ringside.harness.sweep;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.harness.suite.Option;

/**
 * One point of a suite.
 *
 * @param id stable, safe as a file name
 * @param axes values of the axes
 * @param options all options with their effective values; a job option that nobody set is empty
 */
public record Cell(String id, Map<String, String> axes, Map<String, String> options) {
    public Cell {
        axes = new LinkedHashMap<>(axes);
        options = new LinkedHashMap<>(options);
    }

    /** For people: {@code big-lock disks=2 bs=4k}. */
    public String label() {
        return axes.entrySet().stream()
                .map(axis -> Character.isLetter(axis.getValue().codePointAt(0))
                        ? axis.getValue()
                        : axis.getKey() + "=" + axis.getValue())
                .collect(Collectors.joining(" "));
    }

    /** An option's value. */
    public String option(Option option) {
        return options.get(option.label());
    }
}
