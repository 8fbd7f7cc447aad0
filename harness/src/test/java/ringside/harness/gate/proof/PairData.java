package ringside.harness.gate.proof;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import ringside.harness.gate.Baseline;
import ringside.harness.gate.Gate;
import ringside.harness.gate.GateVerdict;
import ringside.harness.gate.Recording;
import ringside.harness.gate.Rules;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * Pairs of rates by cell, in the order in which they were made.
 *
 * @param cells by name: a row per pair, base and head
 */
record PairData(Map<String, List<double[]>> cells) {
    private static final String METRIC = "iops";

    /** Consecutive pairs that are resampled together, so that noise keeps its memory. */
    private static final int BLOCK = 5;

    /** The valid pairs of two folders whose repetitions are partners. */
    static PairData of(RunFolder base, RunFolder head) {
        Map<String, SortedMap<Integer, double[]>> found = new LinkedHashMap<>();
        fill(found, base, 0);
        fill(found, head, 1);
        Map<String, List<double[]>> cells = new LinkedHashMap<>();
        found.forEach((cell, pairs) -> cells.put(
                cell,
                pairs.values().stream()
                        .filter(pair -> pair[0] > 0 && pair[1] > 0)
                        .toList()));
        return new PairData(cells);
    }

    private static void fill(Map<String, SortedMap<Integer, double[]>> cells, RunFolder folder, int side) {
        for (RunResult run : folder.results()) {
            if (run.status() == RunStatus.OK) {
                cells.computeIfAbsent(run.cell(), _ -> new TreeMap<>())
                                .computeIfAbsent(run.repetition(), _ -> new double[2])[side] =
                        run.metrics().get(METRIC).value();
            }
        }
    }

    /** Pairs of the cell that has fewest. */
    int size() {
        return cells.values().stream().mapToInt(List::size).min().orElse(0);
    }

    PairData slice(int from, int to) {
        Map<String, List<double[]>> part = new LinkedHashMap<>();
        cells.forEach((cell, pairs) -> part.put(cell, pairs.subList(from, to)));
        return new PairData(part);
    }

    /** Pairs drawn in blocks of consecutive ones, the same for all cells. */
    PairData resampled(int n, RandomGenerator random) {
        int block = Math.min(BLOCK, size());
        int[] drawn = new int[n];
        for (int i = 0; i < n; i++) {
            drawn[i] = i % block == 0 ? random.nextInt(size() - block + 1) : drawn[i - 1] + 1;
        }
        Map<String, List<double[]>> part = new LinkedHashMap<>();
        cells.forEach((cell, pairs) -> {
            List<double[]> rows = new ArrayList<>();
            for (int at : drawn) {
                rows.add(pairs.get(at));
            }
            part.put(cell, rows);
        });
        return new PairData(part);
    }

    /** The same pairs without the mean difference of each cell: what a resampled A/A run is drawn from. */
    PairData centred() {
        Map<String, List<double[]>> centred = new LinkedHashMap<>();
        cells.forEach((cell, pairs) -> {
            double mean = Stats.mean(logs(pairs));
            centred.put(
                    cell,
                    pairs.stream()
                            .map(pair -> new double[] {pair[0], pair[1] * Math.exp(-mean)})
                            .toList());
        });
        return new PairData(centred);
    }

    static double[] logs(List<double[]> pairs) {
        return pairs.stream().mapToDouble(pair -> Math.log(pair[1] / pair[0])).toArray();
    }

    /** What the gate says of these pairs, by the rules that it has when none are given. */
    GateVerdict verdict() {
        return Gate.judge(Rules.standard(METRIC), new Recording.Pairs(side(0), side(1)))
                .verdict();
    }

    private Baseline side(int side) {
        List<Baseline.Cell> list = new ArrayList<>();
        cells.forEach((cell, pairs) -> list.add(new Baseline.Cell(
                cell,
                Map.of(),
                Map.of(),
                Map.of(METRIC, List.of(pairs.stream().map(pair -> pair[side]).toList())))));
        return baseline(list);
    }

    /** A baseline of cells and nothing else. */
    static Baseline baseline(List<Baseline.Cell> cells) {
        return new Baseline(
                Baseline.SCHEMA_VERSION,
                "proof",
                List.of(new Baseline.Session(Instant.EPOCH.toString(), "unknown", "0")),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(METRIC, new Baseline.Kind("1/s", Metric.Better.HIGHER)),
                cells);
    }
}
