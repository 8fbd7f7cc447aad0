package ringside.reports.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.FolderComparison;

/** Two results folders arranged for reading, B against A. Immutable; decodes distributions when asked. */
public final class PairModel {
    /** More than any logarithm of a ratio. */
    private static final double SURE = 1_000;

    private final ReportSubject.Pair pair;
    private final Map<String, String> labels;
    private final Map<String, List<RunResult>> runsOfA;
    private final Map<String, List<RunResult>> runsOfB;

    /** Arranges two folders. */
    public PairModel(ReportSubject.Pair pair) {
        this.pair = pair;
        this.runsOfA = byCell(pair.a().folder());
        this.runsOfB = byCell(pair.b().folder());
        this.labels = labels();
    }

    /** What is compared with. */
    public ReportSubject.Side a() {
        return pair.a();
    }

    /** What is judged. */
    public ReportSubject.Side b() {
        return pair.b();
    }

    /** One per metric; the first gives the verdict. */
    public List<FolderComparison> comparisons() {
        return pair.comparisons();
    }

    /** The comparison that gives the verdict. */
    public FolderComparison main() {
        return pair.comparisons().getFirst();
    }

    /** A cell in words: the values of the axes that vary. */
    public String label(String cell) {
        return labels.getOrDefault(cell, cell);
    }

    /** Valid runs of a cell in A. */
    public List<RunResult> runsOfA(String cell) {
        return runsOfA.getOrDefault(cell, List.of());
    }

    /** Valid runs of a cell in B. */
    public List<RunResult> runsOfB(String cell) {
        return runsOfB.getOrDefault(cell, List.of());
    }

    /** A latency distribution over runs; empty where it was not measured or cannot be merged. */
    public static Optional<Distribution> distribution(List<RunResult> runs, String histogram) {
        return Distribution.merge(runs.stream()
                .map(run -> run.histograms().get(histogram))
                .filter(data -> data != null && data.count() > 0)
                .toList());
    }

    /** Whether more of a metric is better. */
    public boolean higherIsBetter(String metric) {
        return all().flatMap(run -> Stream.ofNullable(run.metrics().get(metric)))
                .findFirst()
                .map(value -> value.better() == Metric.Better.HIGHER)
                .orElse(true);
    }

    /**
     * Cells of a comparison that have a ratio: all in their order where they are few enough, else so many, those that
     * changed most first.
     */
    public static List<CellChange> mostChanged(FolderComparison comparison, int atMost) {
        List<CellChange> withRatio = comparison.cells().stream()
                .filter(cell -> Double.isFinite(cell.ratio()) && cell.ratio() > 0)
                .toList();
        return withRatio.size() <= atMost
                ? withRatio
                : withRatio.stream()
                        .sorted(Comparator.comparingDouble(PairModel::weight).reversed())
                        .limit(atMost)
                        .toList();
    }

    /** How far from unchanged; a change that is sure weighs more than any that is not. */
    private static double weight(CellChange cell) {
        double sure = switch (cell.change()) {
            case REGRESSED, IMPROVED -> SURE;
            case SAME, UNDERPOWERED, TOO_FEW_RUNS, ONLY_IN_A, ONLY_IN_B -> 0;
        };
        return sure + Math.abs(Math.log(cell.ratio()));
    }

    private Stream<RunResult> all() {
        return Stream.concat(pair.a().folder().results().stream(), pair.b().folder().results().stream());
    }

    private static Map<String, List<RunResult>> byCell(RunFolder folder) {
        Map<String, List<RunResult>> cells = new LinkedHashMap<>();
        for (RunResult run : folder.results()) {
            if (run.status() == RunStatus.OK) {
                cells.computeIfAbsent(run.cell(), _ -> new ArrayList<>()).add(run);
            }
        }
        return cells;
    }

    private Map<String, String> labels() {
        return labels(all().toList());
    }

    /** Cells in words, by id: values of the axes that have more than one. */
    static Map<String, String> labels(List<RunResult> runs) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (RunResult run : runs) {
            run.axes()
                    .forEach((name, value) -> values.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                            .add(value));
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (RunResult run : runs) {
            Map<String, String> varying = new LinkedHashMap<>(run.axes());
            varying.keySet().removeIf(name -> values.get(name).size() < 2);
            labels.putIfAbsent(run.cell(), varying.isEmpty() ? run.cell() : Point.labelOf(varying));
        }
        return labels;
    }
}
