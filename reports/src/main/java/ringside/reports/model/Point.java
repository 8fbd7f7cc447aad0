package ringside.reports.model;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * One combination of the axes that are not compared: what a group of bars or a panel stands for.
 *
 * @param at values by axis, in order of the suite; empty where only the compared axis varies
 */
public record Point(Map<String, String> at) {
    /** Short name: words as they are, numbers with their axis. */
    public String label() {
        return at.isEmpty() ? "all runs" : labelOf(at);
    }

    /** Values in words, for example {@code raw · disks 4}. */
    public static String labelOf(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> AxisOrder.number(entry.getValue()).isPresent()
                        ? entry.getKey() + " " + entry.getValue()
                        : entry.getValue())
                .collect(Collectors.joining(" · "));
    }
}
