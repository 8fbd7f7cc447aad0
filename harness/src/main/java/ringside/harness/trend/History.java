package ringside.harness.trend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;

/**
 * Results folders of one suite in order of time.
 *
 * @param suite name of the suite
 * @param metric name of the metric
 * @param unit of the metric
 * @param better which direction is better
 * @param points the folders, oldest first
 */
record History(String suite, String metric, String unit, Metric.Better better, List<HistoryPoint> points) {
    /**
     * Reads folders.
     *
     * @throws HarnessException when there is none, when they are of several suites, or when none has the metric
     */
    static History of(List<Path> directories, String metric) {
        List<HistoryPoint> points = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        Metric sample = null;
        for (Path directory : directories) {
            RunFolder folder = ResultStore.load(directory);
            points.add(HistoryPoint.of(folder, metric));
            for (var run : folder.results()) {
                known.addAll(run.metrics().keySet());
                sample = sample == null ? run.metrics().get(metric) : sample;
            }
        }
        if (sample == null) {
            throw HarnessException.badInput(
                    "no run has a metric '" + metric + "': use one of " + String.join(", ", known));
        }
        points.sort(Comparator.comparing(HistoryPoint::startedAt));
        refuseSeveralSuites(points);
        return new History(
                points.getFirst().folder().suite(), metric, sample.unit(), sample.better(), List.copyOf(points));
    }

    private static void refuseSeveralSuites(List<HistoryPoint> points) {
        HistoryPoint first = points.getFirst();
        for (HistoryPoint point : points) {
            if (!point.folder().suite().equals(first.folder().suite())) {
                throw HarnessException.badInput(point.folder().directory() + " is of suite "
                        + point.folder().suite() + ", " + first.folder().directory() + " of "
                        + first.folder().suite() + ": a history is of one suite");
            }
        }
    }

    /**
     * The results folders directly in a folder that hold a finished run.
     *
     * @throws HarnessException when there is none
     */
    static List<Path> below(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> found = entries.filter(ResultStore::isResultFolder)
                    .filter(History::hasResult)
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw HarnessException.badInput(
                        folder + " holds no results folder with a finished run: name the folder above them");
            }
            return found;
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + folder + ": name a folder of results folders", e);
        }
    }

    private static boolean hasResult(Path folder) {
        String[] names = folder.resolve("results").toFile().list((_, name) -> name.endsWith(".json"));
        return names != null && names.length > 0;
    }

    /** All cells, in order of their first appearance. */
    List<String> cells() {
        Set<String> cells = new LinkedHashSet<>();
        points.forEach(point -> cells.addAll(point.values().keySet()));
        return List.copyOf(cells);
    }
}
