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

    /** Whether there is more than one value. */
    public boolean varies() {
        return values.size() > 1;
    }
}
