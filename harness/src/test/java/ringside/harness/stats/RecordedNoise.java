package ringside.harness.stats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * Noise of real runs, resampled in blocks so that it keeps its memory while no level lasts: series without a change, as a
 * real host makes them. From a file in the sources, or from a results folder of one's own with many repetitions.
 */
public final class RecordedNoise {
    private static final int BLOCK = 10;

    private final List<double[]> suites;

    private RecordedNoise(List<double[]> suites) {
        this.suites = suites;
    }

    /** The noise in the sources; its comments say where it is from. */
    public static RecordedNoise ofSources() {
        Map<String, List<Double>> suites = new LinkedHashMap<>();
        try (InputStream file = RecordedNoise.class.getResourceAsStream("recorded-noise.csv")) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("suite"))
                    .map(line -> line.split(","))
                    .forEach(row -> suites.computeIfAbsent(row[0], _ -> new ArrayList<>())
                            .add(Double.parseDouble(row[1])));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new RecordedNoise(
                suites.values().stream().map(RecordedNoise::array).toList());
    }

    /** The noise of a results folder: each run against the other runs of its cell. */
    public static RecordedNoise ofFolder(Path folder, String metric) {
        List<RunResult> runs = ResultStore.load(folder).results().stream()
                .filter(run -> run.status() == RunStatus.OK && run.metrics().containsKey(metric))
                .sorted(Comparator.comparingInt(RunResult::order))
                .toList();
        Map<String, List<Double>> cells = new LinkedHashMap<>();
        runs.forEach(
                run -> cells.computeIfAbsent(run.cell(), _ -> new ArrayList<>()).add(log(run, metric)));
        List<Double> residuals = new ArrayList<>();
        for (RunResult run : runs) {
            List<Double> cell = cells.get(run.cell());
            if (cell.size() > 1) {
                double mean = Summary.of(array(cell)).mean();
                residuals.add((log(run, metric) - mean) * Math.sqrt(cell.size() / (cell.size() - 1.0)));
            }
        }
        if (residuals.size() < 5 * BLOCK) {
            throw new IllegalArgumentException(folder + " has too few repeated runs to resample: " + residuals.size());
        }
        return new RecordedNoise(List.of(array(residuals)));
    }

    private static double log(RunResult run, String metric) {
        return Math.log(run.metrics().get(metric).value());
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** A series of one suite's noise in blocks of ten, around 100,000. */
    public double[] series(int n, RandomGenerator random) {
        double[] suite = suites.get(random.nextInt(suites.size()));
        double[] values = new double[n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            if (i % BLOCK == 0) {
                at = random.nextInt(suite.length - BLOCK + 1);
            }
            values[i] = 100_000 * Math.exp(suite[at++]);
        }
        return values;
    }

    /** Standard deviation that normal noise of the same middle half would have. */
    public double spread() {
        double[] all = suites.stream()
                .flatMapToDouble(java.util.Arrays::stream)
                .map(Math::abs)
                .toArray();
        return 1.4826 * Summary.median(all);
    }
}
