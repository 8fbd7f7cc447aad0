package ringside.harness.stats;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Steadiness.Shape;

/**
 * How steady the valid runs of a cell were.
 *
 * @param cell id of the cell
 * @param runs valid runs that were judged
 * @param shapes how many of them look how; without those that none does
 */
public record CellSteadiness(String cell, int runs, Map<Shape, Integer> shapes) {
    /** All cells with a judged run, in order of their first one. */
    public static List<CellSteadiness> of(List<RunResult> results) {
        Map<String, Map<Shape, Integer>> cells = new LinkedHashMap<>();
        for (RunResult run : results) {
            if (run.status() == RunStatus.OK && run.steadiness().shape() != Shape.UNKNOWN) {
                cells.computeIfAbsent(run.cell(), _ -> new EnumMap<>(Shape.class))
                        .merge(run.steadiness().shape(), 1, Integer::sum);
            }
        }
        List<CellSteadiness> all = new ArrayList<>();
        cells.forEach((cell, shapes) -> all.add(new CellSteadiness(
                cell, shapes.values().stream().mapToInt(Integer::intValue).sum(), shapes)));
        return List.copyOf(all);
    }

    /** Only those whose {@link #mixesLevels()}. */
    public static List<CellSteadiness> mixing(List<RunResult> results) {
        return of(results).stream().filter(CellSteadiness::mixesLevels).toList();
    }

    /** Whether in at least half of the runs the rate changed its level, so that the cell's mean is one of several levels. */
    public boolean mixesLevels() {
        return 2 * (runs - shapes.getOrDefault(Shape.FLAT, 0)) >= runs;
    }

    /** For example {@code warm-up in 2 and no steady state in 1 of 5 runs}. */
    public String text() {
        return shapes.entrySet().stream()
                        .filter(entry -> entry.getKey() != Shape.FLAT)
                        .map(entry -> entry.getKey().label() + " in " + entry.getValue())
                        .collect(Collectors.joining(" and "))
                + " of " + runs + " runs";
    }
}
