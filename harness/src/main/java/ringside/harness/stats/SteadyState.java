package ringside.harness.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import ringside.harness.results.Metric;
import ringside.harness.results.Series;
import ringside.harness.results.Steadiness;
import ringside.harness.results.Steadiness.Shape;

/**
 * Judges how a run's rate went, after Barrett et al., "Virtual Machine Warmup Blows Hot and Cold" (OOPSLA 2017): levels
 * between change points, where levels that differ by less than {@value #SAME_LEVEL} are one. The class says what the data
 * show; a short and noisy series shows little and is called flat, so SNIA's two figures stand beside it.
 */
public final class SteadyState {
    /** Fewest intervals from which anything is said. */
    public static final int FEWEST_INTERVALS = 10;

    /** Levels closer than this are one. */
    public static final double SAME_LEVEL = 0.05;

    /** The last level has to last for this share of the measured phase. */
    public static final double LAST_LEVEL = 0.25;

    private static final int ROUNDS = 5;

    /** An interval without a request counts as this share of the median: logarithms need something. */
    private static final double STALL = 0.01;

    private static final double NS_PER_SECOND = 1e9;
    private static final double HUNDRED = 100;

    /** Compilation for a larger share of the measured phase is worth a word. */
    private static final double BUSY_COMPILER = 0.1;

    private SteadyState() {}

    /** Judges a run by its series {@code iops}; {@code jit_time}, where there is one, goes into the detail. */
    public static Steadiness of(List<Series> series, Map<String, Metric> metrics) {
        for (Series one : series) {
            if (one.name().equals("iops")) {
                Steadiness judged = of(one);
                double measuredNs = (double) one.intervalNs() * one.values().size();
                Metric jit = metrics.get("jit_time");
                return jit == null || jit.value() <= BUSY_COMPILER * measuredNs
                        ? judged
                        : withCompiler(judged, jit.value() / measuredNs);
            }
        }
        return unknown("it has no series of its rate");
    }

    private static Steadiness withCompiler(Steadiness judged, double share) {
        return new Steadiness(
                judged.shape(),
                judged.range(),
                judged.drift(),
                judged.settledNs(),
                judged.detail()
                        + String.format(
                                Locale.ROOT,
                                "; code was compiled for %.0f %% of the measured phase: a longer ramp_time lets it settle",
                                HUNDRED * share));
    }

    /**
     * Judges a run.
     *
     * @param rate series of the rate over the measured phase
     * @return unknown, with the reason, where there are too few intervals or hardly a request
     */
    public static Steadiness of(Series rate) {
        double[] values =
                rate.values().stream().mapToDouble(Double::doubleValue).toArray();
        if (values.length < FEWEST_INTERVALS) {
            return unknown("only " + values.length + " intervals, " + FEWEST_INTERVALS + " are needed");
        }
        double median = Summary.median(values);
        if (median <= 0) {
            return unknown("most intervals had no request");
        }
        double[] positive = Arrays.stream(values)
                .map(value -> Math.max(value, STALL * median))
                .toArray();
        List<ChangePoint> changes = ChangePoints.within(positive, SAME_LEVEL);
        double[] levels = levels(values, changes);
        int settled = changes.isEmpty() ? 0 : changes.getLast().at();
        Shape shape = shape(levels, (double) (values.length - settled) / values.length);
        double[] rounds = rounds(values);
        double mean = Summary.of(rounds).mean();
        double range = (Summary.of(rounds).max() - Summary.of(rounds).min()) / mean;
        double drift = drift(rounds) / mean;
        long settledNs = settled * rate.intervalNs();
        return new Steadiness(shape, range, drift, settledNs, detail(levels, settledNs, range, drift));
    }

    private static Steadiness unknown(String reason) {
        return new Steadiness(Shape.UNKNOWN, 0, 0, 0, reason);
    }

    private static double[] levels(double[] values, List<ChangePoint> changes) {
        List<Integer> borders = new ArrayList<>(List.of(0));
        changes.forEach(change -> borders.add(change.at()));
        borders.add(values.length);
        double[] levels = new double[borders.size() - 1];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Summary.median(Arrays.copyOfRange(values, borders.get(i), borders.get(i + 1)));
        }
        return levels;
    }

    private static Shape shape(double[] levels, double lastShare) {
        if (levels.length == 1) {
            return Shape.FLAT;
        }
        if (lastShare < LAST_LEVEL) {
            return Shape.NO_STEADY_STATE;
        }
        double last = levels[levels.length - 1];
        double fastest = Arrays.stream(levels).max().orElseThrow();
        return last < fastest * (1 - SAME_LEVEL) ? Shape.SLOW_DOWN : Shape.WARM_UP;
    }

    /** Means of equal rounds; the intervals that do not fit are left out at the beginning. */
    private static double[] rounds(double[] values) {
        int length = values.length / ROUNDS;
        int first = values.length - ROUNDS * length;
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            int from = first + i * length;
            rounds[i] =
                    Summary.of(Arrays.copyOfRange(values, from, from + length)).mean();
        }
        return rounds;
    }

    /** How far the least-squares line goes from the first round to the last. */
    private static double drift(double[] rounds) {
        SimpleRegression line = new SimpleRegression();
        for (int i = 0; i < rounds.length; i++) {
            line.addData(i, rounds[i]);
        }
        return Math.abs(line.getSlope()) * (rounds.length - 1);
    }

    private static String detail(double[] levels, long settledNs, double range, double drift) {
        StringBuilder text = new StringBuilder();
        if (levels.length > 1) {
            text.append(levels.length).append(" levels (");
            for (int i = 0; i < levels.length; i++) {
                text.append(String.format(Locale.ROOT, "%s%.4g", i == 0 ? "" : ", ", levels[i]));
            }
            text.append(String.format(Locale.ROOT, "), the last from %.1f s on; ", settledNs / NS_PER_SECOND));
        }
        boolean snia = range <= Steadiness.SNIA_RANGE && drift <= Steadiness.SNIA_DRIFT;
        return text.append(String.format(
                        Locale.ROOT,
                        "five rounds within %.1f %%, drift %.1f %%: SNIA's limits of 20 %% and 10 %% are %s",
                        HUNDRED * range,
                        HUNDRED * drift,
                        snia ? "kept" : "not kept"))
                .toString();
    }
}
