package ringside.harness.gate;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which cells a rule is about.
 *
 * @param axes allowed values by axis; a cell must have one of each
 * @param pattern of the cell's id, with {@code *} for any text; {@code *} alone for every cell
 * @param where the rule stands, for errors
 */
record CellSelector(Map<String, List<String>> axes, String pattern, String where) {
    static final CellSelector ALL = new CellSelector(Map.of(), "*", "");

    boolean selects(Baseline.Cell cell) {
        return matches(cell.cell())
                && axes.entrySet().stream()
                        .allMatch(axis -> axis.getValue().contains(cell.axes().getOrDefault(axis.getKey(), "")));
    }

    private boolean matches(String id) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
        }
        return id.matches(regex.toString());
    }
}
