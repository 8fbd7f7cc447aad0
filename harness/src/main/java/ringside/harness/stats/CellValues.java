package ringside.harness.stats;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/** Valid values of one metric by cell and repetition, cells in order of their first run. */
final class CellValues {
    private final LinkedHashMap<String, SortedMap<Integer, Double>> cells = new LinkedHashMap<>();

    /** A cell whose runs all failed is there, without values. */
    CellValues(RunFolder folder, String metric) {
        for (RunResult run : folder.results()) {
            Map<Integer, Double> values = cells.computeIfAbsent(run.cell(), _ -> new TreeMap<>());
            Metric value = run.metrics().get(metric);
            if (run.status() == RunStatus.OK && value != null && value.value() > 0) {
                values.put(run.repetition(), value.value());
            }
        }
    }

    /** All cells. */
    SequencedSet<String> names() {
        return cells.sequencedKeySet();
    }

    boolean has(String cell) {
        return cells.containsKey(cell);
    }

    /** Values of a cell in order of the repetitions, empty for an unknown one. */
    double[] of(String cell) {
        return values(cells.getOrDefault(cell, new TreeMap<>()).values().stream());
    }

    /** Those values of a cell that have a partner of the same repetition on the other side. */
    double[] partnersOf(String cell, CellValues other) {
        SortedMap<Integer, Double> theirs = other.cells.getOrDefault(cell, new TreeMap<>());
        return values(cells.getOrDefault(cell, new TreeMap<>()).entrySet().stream()
                .filter(entry -> theirs.containsKey(entry.getKey()))
                .map(Map.Entry::getValue));
    }

    private static double[] values(Stream<Double> stream) {
        return stream.flatMapToDouble(DoubleStream::of).toArray();
    }
}
