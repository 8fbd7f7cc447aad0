package ringside.reports.model;

import java.util.List;

/**
 * Something that a suite varies.
 *
 * @param name for example {@code threading}
 * @param values values that occur, in order of the suite
 */
public record Axis(String name, List<String> values) {
    public Axis {
        values = List.copyOf(values);
    }

    /** Whether all values are numbers, sizes or durations, so that more and less mean something. */
    public boolean isOrdered() {
        return values.stream()
                .allMatch(value -> AxisOrder.number(value).isPresent() || value.matches("\\d+(\\.\\d+)?(ns|us|ms|s)"));
    }

    /** Whether there is more than one value. */
    public boolean varies() {
        return values.size() > 1;
    }
}
