package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import ringside.reports.model.Estimate;

/** Which value of an axis is the highest, row by row, where a row holds what differs in this axis alone. */
final class Ranking {
    private final List<String> values;
    private final Map<String, Integer> highest = new LinkedHashMap<>();
    private final Map<String, Integer> clear = new LinkedHashMap<>();
    private int rows;

    Ranking(List<String> values) {
        this.values = values;
    }

    /** One row; it counts where at least two values were measured. */
    void add(Function<String, Optional<Estimate>> measured) {
        Map<String, Estimate> found = new LinkedHashMap<>();
        values.forEach(value -> measured.apply(value).ifPresent(estimate -> found.put(value, estimate)));
        if (found.size() < 2) {
            return;
        }
        rows++;
        String best = "";
        for (Map.Entry<String, Estimate> entry : found.entrySet()) {
            if (best.isEmpty() || entry.getValue().median() > found.get(best).median()) {
                best = entry.getKey();
            }
        }
        highest.merge(best, 1, Integer::sum);
        double low = found.remove(best).interval().low();
        if (found.values().stream().allMatch(other -> other.interval().high() < low)) {
            clear.merge(best, 1, Integer::sum);
        }
    }

    String sentence(String axis) {
        if (rows == 0) {
            return "Not enough configurations have finished to compare values of " + axis + ".";
        }
        List<String> parts = new ArrayList<>();
        for (String value : values) {
            if (highest.containsKey(value)) {
                parts.add(
                        "%s %d times (%d clearly)".formatted(value, highest.get(value), clear.getOrDefault(value, 0)));
            }
        }
        String times = rows == 1 ? "In the one row" : "In " + rows + " rows";
        return "%s of configurations that differ in %s alone, the highest is %s."
                .formatted(times, axis, String.join(", ", parts));
    }
}
