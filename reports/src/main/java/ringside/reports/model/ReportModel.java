package ringside.reports.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ringside.harness.results.Plan;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.Reference;

/**
 * A results folder arranged for reading: one series per value of the compared axis, one point per combination of the
 * others. Immutable.
 *
 * @param folder the folder
 * @param commandLine the command that made the plan, empty when unknown
 * @param axes axes in order of the suite
 * @param cells cells in order of the axes
 * @param series values of the compared axis, in order; one empty value when nothing is compared
 * @param points combinations of the other varying axes, in order
 * @param index cells by point and series
 * @param references published figures that the reader asked for
 * @param judgements comparisons that were made already
 */
public record ReportModel(
        RunFolder folder,
        List<String> commandLine,
        List<Axis> axes,
        List<Cell> cells,
        List<String> series,
        List<Point> points,
        Map<Point, Map<String, Cell>> index,
        List<Reference> references,
        Judgements judgements) {
    /** Arranges a folder. */
    public static ReportModel of(RunFolder folder) {
        return of(folder, List.of());
    }

    /** Arranges a folder, with published figures beside it. */
    public static ReportModel of(RunFolder folder, List<Reference> references) {
        Optional<Plan> plan = Plans.read(folder);
        List<Cell> cells = new ArrayList<>(Plans.cells(plan, folder.results()));
        List<Axis> axes =
                AxisOrder.of(folder.suiteYaml(), cells.stream().map(Cell::axes).toList());
        cells.sort(order(axes));
        String compared = folder.compared().axis();
        Map<Point, Map<String, Cell>> index = new LinkedHashMap<>();
        for (Cell cell : cells) {
            index.computeIfAbsent(pointOf(cell, axes, compared), _ -> new LinkedHashMap<>())
                    .putIfAbsent(cell.axes().getOrDefault(compared, ""), cell);
        }
        List<String> series = axes.stream()
                .filter(axis -> axis.name().equals(compared))
                .map(Axis::values)
                .findFirst()
                .orElse(List.of(""));
        return new ReportModel(
                folder,
                plan.map(Plan::commandLine).orElse(List.of()),
                axes,
                List.copyOf(cells),
                series,
                sorted(index.keySet(), axes),
                index,
                references,
                new Judgements());
    }

    /** Name of the compared axis. */
    public String comparedAxis() {
        return folder.compared().axis();
    }

    /** The cell of a series at a point; empty when the suite leaves it out. */
    public Optional<Cell> cell(Point point, String seriesValue) {
        return Optional.ofNullable(index.getOrDefault(point, Map.of()).get(seriesValue));
    }

    /** An axis that has more than one value. */
    public Optional<Axis> varyingAxis(String name) {
        return axes.stream()
                .filter(axis -> axis.name().equals(name) && axis.varies())
                .findFirst();
    }

    /** Runs with this status, in order of the plan. */
    public List<RunResult> runs(RunStatus status) {
        return folder.results().stream().filter(run -> run.status() == status).toList();
    }

    /** Options with one value in all runs, by name; axes with one value included. */
    public Map<String, String> constants() {
        Map<String, String> result = new TreeMap<>();
        optionValues().forEach((name, values) -> {
            if (values.size() == 1 && varyingAxis(name).isEmpty()) {
                result.put(name, values.iterator().next());
            }
        });
        axes.stream()
                .filter(axis -> !axis.varies())
                .forEach(axis -> result.put(axis.name(), axis.values().getFirst()));
        return result;
    }

    /** Options that are no axis of their own, yet differ between runs: they follow from an axis. */
    public Map<String, Set<String>> alsoVaried() {
        Map<String, Set<String>> result = new TreeMap<>(optionValues());
        result.values().removeIf(values -> values.size() == 1);
        result.keySet().removeAll(axes.stream().map(Axis::name).collect(Collectors.toSet()));
        return result;
    }

    /** What an option was in the finished runs, in order of the suite for an axis; empty where no run has it. */
    public List<String> valuesOf(String option) {
        return axes.stream()
                .filter(axis -> axis.name().equals(option))
                .map(Axis::values)
                .findFirst()
                .orElseGet(() -> folder.results().stream()
                        .map(run -> run.options().getOrDefault(option, ""))
                        .filter(value -> !value.isEmpty())
                        .distinct()
                        .toList());
    }

    private Map<String, Set<String>> optionValues() {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (RunResult run : folder.results()) {
            run.options()
                    .forEach((name, value) -> values.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                            .add(value));
        }
        return values;
    }

    private static Point pointOf(Cell cell, List<Axis> axes, String compared) {
        Map<String, String> at = new LinkedHashMap<>();
        for (Axis axis : axes) {
            if (axis.varies() && !axis.name().equals(compared)) {
                at.put(axis.name(), cell.axes().getOrDefault(axis.name(), ""));
            }
        }
        return new Point(at);
    }

    private static Comparator<Cell> order(List<Axis> axes) {
        Comparator<Cell> result = Comparator.comparingInt(_ -> 0);
        for (Axis axis : axes) {
            result = result.thenComparingInt(
                    cell -> axis.values().indexOf(cell.axes().getOrDefault(axis.name(), "")));
        }
        return result;
    }

    private static List<Point> sorted(Collection<Point> points, List<Axis> axes) {
        Comparator<Point> result = Comparator.comparingInt(_ -> 0);
        for (Axis axis : axes) {
            result = result.thenComparingInt(
                    point -> axis.values().indexOf(point.at().getOrDefault(axis.name(), "")));
        }
        return points.stream().sorted(result).toList();
    }
}
