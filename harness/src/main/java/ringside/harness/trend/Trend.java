package ringside.harness.trend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.stats.ChangePoint;
import ringside.harness.stats.ChangePoints;
import ringside.harness.stats.FolderDifferences;
import ringside.harness.stats.Summary;

/**
 * The changes of all cells over a history.
 *
 * @param suite name of the suite
 * @param metric name of the metric
 * @param unit of the metric
 * @param minEffect smallest relative change of interest
 * @param points number of folders
 * @param first revision and folder of the oldest
 * @param last revision and folder of the newest
 * @param history all folders, oldest first
 * @param cells all cells
 */
public record Trend(
        String suite,
        String metric,
        String unit,
        double minEffect,
        int points,
        String first,
        String last,
        List<TrendPoint> history,
        List<CellTrend> cells) {
    public Trend {
        history = List.copyOf(history);
        cells = List.copyOf(cells);
    }

    /**
     * Judges a history.
     *
     * @param directories results folders, in any order
     * @throws HarnessException when there is none, they are of several suites, or none has the metric
     */
    public static Trend of(List<Path> directories, String metric, double minEffect) {
        History history = History.of(directories, metric);
        List<String> names = history.cells();
        List<CellTrend> cells = names.stream()
                .map(cell -> cell(history, cell, minEffect, names.size()))
                .toList();
        return new Trend(
                history.suite(),
                metric,
                history.unit(),
                minEffect,
                history.points().size(),
                history.points().getFirst().label(),
                history.points().getLast().label(),
                history.points().stream().map(HistoryPoint::point).toList(),
                cells);
    }

    /**
     * The results folders directly in a folder that hold a finished run.
     *
     * @throws HarnessException when there is none
     */
    public static List<Path> foldersIn(Path folder) {
        return History.below(folder);
    }

    /** All changes, of all cells. */
    public Stream<TrendChange> changes() {
        return cells.stream().flatMap(cell -> cell.changes().stream());
    }

    private static CellTrend cell(History history, String cell, double minEffect, int cells) {
        List<Integer> at = IntStream.range(0, history.points().size())
                .filter(place -> history.points().get(place).values().containsKey(cell))
                .boxed()
                .toList();
        List<HistoryPoint> points = at.stream().map(history.points()::get).toList();
        double[] values =
                points.stream().mapToDouble(point -> point.values().get(cell)).toArray();
        List<ChangePoint> found = ChangePoints.find(values, minEffect, cells);
        List<TrendChange> changes = found.stream()
                .map(change -> change(cell, history.better(), points, change))
                .toList();
        long unsteady =
                points.stream().filter(point -> point.unsteady().contains(cell)).count();
        List<Double> boxed = new ArrayList<>();
        for (double value : values) {
            boxed.add(value);
        }
        return new CellTrend(
                cell, values.length, at, boxed, levels(values, found), scatter(values, found), (int) unsteady, changes);
    }

    private static TrendChange change(
            String cell, Metric.Better better, List<HistoryPoint> points, ChangePoint change) {
        HistoryPoint before = points.get(change.at() - 1);
        HistoryPoint after = points.get(change.at());
        Map<String, String> differences =
                new LinkedHashMap<>(FolderDifferences.between(before.folder(), after.folder()));
        differences.remove("git revision"); // that is what the history is about
        return new TrendChange(
                cell,
                kind(better, change.ratio()),
                change.confirmed(),
                change.ratio(),
                change.interval(),
                before.label(),
                after.label(),
                points.size() - change.at(),
                change.z(),
                change.memory(),
                differences);
    }

    private static TrendChange.Kind kind(Metric.Better better, double ratio) {
        return switch (better) {
            case NEITHER -> TrendChange.Kind.CHANGED;
            case HIGHER -> ratio > 1 ? TrendChange.Kind.IMPROVED : TrendChange.Kind.REGRESSED;
            case LOWER -> ratio < 1 ? TrendChange.Kind.IMPROVED : TrendChange.Kind.REGRESSED;
        };
    }

    private static List<Double> levels(double[] values, List<ChangePoint> changes) {
        List<Double> levels = new ArrayList<>();
        int from = 0;
        for (int level = 0; level <= changes.size() && values.length > 0; level++) {
            int to =
                    level == changes.size() ? values.length : changes.get(level).at();
            levels.add(Math.exp(
                    Arrays.stream(values, from, to).map(Math::log).average().orElseThrow()));
            from = to;
        }
        return levels;
    }

    /** Standard deviation of the logarithms around the means of their levels. */
    private static double scatter(double[] values, List<ChangePoint> changes) {
        double squares = 0;
        int degrees = 0;
        int from = 0;
        for (int level = 0; level <= changes.size(); level++) {
            int to =
                    level == changes.size() ? values.length : changes.get(level).at();
            double[] logs = new double[to - from];
            for (int i = from; i < to; i++) {
                logs[i - from] = Math.log(values[i]);
            }
            if (logs.length > 1) {
                double sd = Summary.of(logs).sd();
                squares += sd * sd * (logs.length - 1);
                degrees += logs.length - 1;
            }
            from = to;
        }
        return degrees == 0 ? 0 : Math.sqrt(squares / degrees);
    }
}
