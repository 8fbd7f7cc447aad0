package ringside.reports.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.RunResult;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.Verdict;

/** What the results say beyond the verdict. Each conclusion is computed; one whose rule is not met is left out. */
public final class Conclusions {
    private static final String IOPS = "iops";
    private static final double LOCK_SHARE = 0.10;

    private Conclusions() {}

    /** All that hold, in the order of a report. */
    public static List<Conclusion> of(ReportModel model) {
        List<Conclusion> found = new ArrayList<>();
        points(model).ifPresent(found::add);
        best(model).ifPresent(found::add);
        for (Axis axis : model.axes()) {
            if (axis.varies() && !axis.name().equals(model.comparedAxis())) {
                influence(model, axis).ifPresent(found::add);
            }
        }
        lock(model).ifPresent(found::add);
        efficiency(model).ifPresent(found::add);
        unsteady(model).ifPresent(found::add);
        return List.copyOf(found);
    }

    private static Optional<Conclusion> points(ReportModel model) {
        Map<Verdict, Integer> counts = new LinkedHashMap<>();
        List<Comparison> all = List.copyOf(Comparisons.asked(model).values());
        all.forEach(comparison -> counts.merge(comparison.verdict(), 1, Integer::sum));
        if (all.size() < 2 || counts.getOrDefault(Verdict.TOO_FEW_RUNS, 0) == all.size()) {
            return Optional.empty();
        }
        return Optional.of(new Conclusion(
                "%s is faster than %s at %d of %d points, slower at %d; at %d no difference is shown, and %d have too few runs."
                        .formatted(
                                model.folder().compared().contender(),
                                model.folder().compared().baseline(),
                                counts.getOrDefault(Verdict.FASTER, 0),
                                all.size(),
                                counts.getOrDefault(Verdict.SLOWER, 0),
                                counts.getOrDefault(Verdict.NO_DIFFERENCE_SHOWN, 0),
                                counts.getOrDefault(Verdict.TOO_FEW_RUNS, 0)),
                "A point counts as faster or slower where the 95 % interval of its paired ratio leaves out 1; not corrected"
                        + " for the number of points."));
    }

    private static Optional<Conclusion> best(ReportModel model) {
        List<Cell> measured = model.cells().stream()
                .filter(cell -> cell.estimate(IOPS).isPresent())
                .sorted(Comparator.comparingDouble((Cell cell) -> -iops(cell)))
                .toList();
        if (measured.size() < 2) {
            return Optional.empty();
        }
        Estimate first = measured.getFirst().estimate(IOPS).orElseThrow();
        Estimate second = measured.get(1).estimate(IOPS).orElseThrow();
        boolean clear = first.interval().low() > second.interval().high();
        return Optional.of(new Conclusion(
                "The highest IOPS were %s at %s%s."
                        .formatted(
                                Numbers.si(first),
                                name(model, measured.getFirst()),
                                clear ? "" : "; " + name(model, measured.get(1)) + " is not clearly below it"),
                "The largest median over valid runs; the next one is clearly below it where the intervals (below six runs:"
                        + " the ranges) do not overlap."));
    }

    /** How much an axis moves the result, all else equal. */
    private static Optional<Conclusion> influence(ReportModel model, Axis axis) {
        Map<Map<String, String>, Map<String, Double>> lines = new LinkedHashMap<>();
        for (Cell cell : model.cells()) {
            if (cell.estimate(IOPS).isPresent()) {
                Map<String, String> rest = new LinkedHashMap<>(cell.axes());
                String value = rest.remove(axis.name());
                lines.computeIfAbsent(rest, _ -> new LinkedHashMap<>()).put(String.valueOf(value), iops(cell));
            }
        }
        String first = axis.values().getFirst();
        String last = axis.values().getLast();
        double[] ratios = lines.values().stream()
                .filter(line -> line.getOrDefault(first, 0.0) > 0 && line.containsKey(last))
                .mapToDouble(line -> line.get(last) / line.get(first))
                .sorted()
                .toArray();
        if (ratios.length == 0) {
            return Optional.empty();
        }
        String range = ratios.length == 1
                ? Numbers.ratio(ratios[0]) + "x"
                : "%sx to %sx".formatted(Numbers.ratio(ratios[0]), Numbers.ratio(ratios[ratios.length - 1]));
        return Optional.of(new Conclusion(
                "From %s %s to %s the IOPS become %s what they were%s."
                        .formatted(
                                axis.name(),
                                first,
                                last,
                                range,
                                ratios.length == 1 ? "" : ", depending on the other axes"),
                "Median at the last value of the axis over the median at the first, all other axes equal: smallest and"
                        + " largest of " + ratios.length + "."));
    }

    private static Optional<Conclusion> lock(ReportModel model) {
        return model.cells().stream()
                .filter(cell -> cell.estimate("lock_wait_share").isPresent())
                .max(Comparator.comparingDouble(
                        cell -> cell.estimate("lock_wait_share").orElseThrow().median()))
                .filter(cell -> cell.estimate("lock_wait_share").orElseThrow().median() >= LOCK_SHARE)
                .map(cell -> new Conclusion(
                        "The big lock is a cost: at %s the vCPUs and the main loop spent %s of their time waiting for it."
                                .formatted(
                                        name(model, cell),
                                        Numbers.percent(cell.estimate("lock_wait_share")
                                                .orElseThrow()
                                                .median())),
                        "The largest median share of thread time waiting; said from 10 % on. Several threads that wait at"
                                + " once add up, so it can exceed 100 %."));
    }

    private static Optional<Conclusion> efficiency(ReportModel model) {
        String metric = "iops_per_cpu_second";
        List<Cell> measured = model.cells().stream()
                .filter(cell -> cell.estimate(metric).isPresent())
                .sorted(Comparator.comparingDouble(
                        cell -> cell.estimate(metric).orElseThrow().median()))
                .toList();
        if (measured.size() < 2) {
            return Optional.empty();
        }
        Estimate least = measured.getFirst().estimate(metric).orElseThrow();
        Estimate most = measured.getLast().estimate(metric).orElseThrow();
        if (least.interval().high() >= most.interval().low()) {
            return Optional.empty();
        }
        return Optional.of(new Conclusion(
                "A CPU second bought most requests at %s (%s) and fewest at %s (%s)."
                        .formatted(
                                name(model, measured.getLast()),
                                Numbers.si(most),
                                name(model, measured.getFirst()),
                                Numbers.si(least)),
                "Largest and smallest median of IOPS per CPU second, all threads counted; said where their intervals (below six runs: ranges)"
                        + " do not overlap."));
    }

    private static Optional<Conclusion> unsteady(ReportModel model) {
        long valid = 0;
        long mixed = 0;
        for (Cell cell : model.cells()) {
            for (RunResult run : cell.valid()) {
                valid++;
                mixed += run.steadiness().mixesLevels() ? 1 : 0;
            }
        }
        return mixed == 0
                ? Optional.empty()
                : Optional.of(new Conclusion(
                        "%d of %d valid runs had more than one level, so their single figure is a mix; longer ramp times or"
                                        .formatted(mixed, valid)
                                + " runs would tell whether they settle.",
                        "Change points in the rate of the measured phase; a run is named where one level did not last over"
                                + " all of it."));
    }

    private static double iops(Cell cell) {
        return cell.estimate(IOPS).orElseThrow().median();
    }

    private static String name(ReportModel model, Cell cell) {
        Map<String, String> values = new LinkedHashMap<>(cell.axes());
        values.keySet().removeIf(axis -> model.varyingAxis(axis).isEmpty());
        return values.isEmpty() ? "the only configuration" : Point.labelOf(values);
    }
}
