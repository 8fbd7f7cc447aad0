package ringside.harness.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.Precision;
import ringside.harness.sweep.SweepPlan;

/**
 * Spends time that is left when the plan is done: one more repetition of the cells that are known least, those that are
 * compared with each other together. Widths of intervals decide, never differences between cells, so what is shown is not
 * chosen by what one would like to see.
 */
final class Budget {
    private static final String METRIC = "iops";

    /** A cell with so many runs and still not two valid ones will not get better by more. */
    private static final int HOPELESS_RUNS = 3;

    private final ResultStore store;
    private final String comparedAxis;
    private final long untilNs;

    /** @param untilNs nanoTime after which nothing is begun that would not be done by then */
    Budget(ResultStore store, long untilNs) {
        this.store = store;
        this.comparedAxis = store.plan().compared().axis();
        this.untilNs = untilNs;
    }

    /** The runs of the next repetition, added to the plan; empty when no time or nothing sensible is left. */
    List<PlannedRun> next(long nowNs, long runNs) {
        Optional<List<PlannedRun>> widest = groups().values().stream()
                .filter(group -> nowNs + runNs * group.size() - untilNs <= 0)
                .filter(group -> group.stream().noneMatch(this::hopeless))
                .filter(group -> width(group) > 0)
                .max(Comparator.comparingDouble(this::width));
        return widest.map(this::repeat).orElse(List.of());
    }

    /** One run of each cell, by what they have in common. */
    private Map<Map<String, String>, List<PlannedRun>> groups() {
        Map<Map<String, String>, List<PlannedRun>> groups = new LinkedHashMap<>();
        for (PlannedRun run : store.plan().runs()) {
            if (run.repetition() == 0) {
                Map<String, String> others = new LinkedHashMap<>(run.axes());
                others.remove(comparedAxis);
                groups.computeIfAbsent(others, _ -> new ArrayList<>()).add(run);
            }
        }
        return groups;
    }

    private double width(List<PlannedRun> group) {
        return group.stream()
                .mapToDouble(run -> Precision.relativeHalfWidth(valid(run.cell())))
                .max()
                .orElse(0);
    }

    private boolean hopeless(PlannedRun run) {
        return runsOf(run.cell()).size() >= HOPELESS_RUNS && valid(run.cell()).length < 2;
    }

    private double[] valid(String cell) {
        return runsOf(cell).stream()
                .flatMap(run -> store.result(run).stream())
                .filter(result -> result.status() == RunStatus.OK)
                .map(RunResult::metrics)
                .filter(metrics -> metrics.containsKey(METRIC))
                .mapToDouble(metrics -> metrics.get(METRIC).value())
                .filter(value -> value > 0)
                .toArray();
    }

    private List<PlannedRun> runsOf(String cell) {
        return store.plan().runs().stream()
                .filter(run -> run.cell().equals(cell))
                .toList();
    }

    private List<PlannedRun> repeat(List<PlannedRun> group) {
        int repetition = group.stream()
                        .flatMap(run -> runsOf(run.cell()).stream())
                        .mapToInt(PlannedRun::repetition)
                        .max()
                        .orElse(0)
                + 1;
        int order =
                store.plan().runs().stream().mapToInt(PlannedRun::order).max().orElse(0) + 1;
        long seed = SweepPlan.loadSeed(store.plan().seed(), repetition);
        List<PlannedRun> more = new ArrayList<>();
        // In turns who goes first: what comes first warms the host for the other.
        for (PlannedRun run : repetition % 2 == 0 ? group : group.reversed()) {
            more.add(new PlannedRun(order + more.size(), run.cell(), repetition, seed, run.axes()));
        }
        store.extend(more);
        return more;
    }
}
