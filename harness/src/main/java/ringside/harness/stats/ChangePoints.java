package ringside.harness.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Where the level of a series changed: the surest step, then the surest one on each side of it, and so on; in the end each
 * is tested again between its neighbours. Works on logarithms, so a step is a ratio.
 *
 * <p>The bounds were found by simulation, with noise whose autocorrelation is 0.3 and not known to the test
 * ({@code ChangePointsSimulationTest}): a change that is only <em>suspected</em> is found in at most 1 of 100 series of up to
 * 100 values without a change, looked at once. One who looks again after every new value gives chance a hundred tries, and
 * needs the higher bound of <em>confirmed</em>: at most 1 of 100 such series, over all looks together. The newest values
 * have a lower bound of their own than the rest, since a change is best known soon.
 */
public final class ChangePoints {
    /** Fewest values after a change. */
    public static final int FEWEST_AFTER = 3;

    /** Fewest values before a change. */
    public static final int FEWEST_BEFORE = 8;

    /** Fewest values before a change that can be confirmed: with fewer the noise is not known well enough. */
    public static final int FEWEST_BEFORE_CONFIRMED = 20;

    /** Changes with at most this many values after them are new. */
    private static final int NEW = 8;

    /** A place is corrected by at most this many values. */
    private static final int NEARBY = 5;

    private static final double NEW_BOUND = 3.4;
    private static final double OLD_BOUND = 4.05;
    private static final double CONFIRMED_BOUND = 4.9;
    private static final double PASSING_BOUND = 5;

    /** Series shorter than this need more, because what they tell of the noise is little. */
    private static final int SHORT = 30;

    private static final double SHORT_MORE = 0.25;
    private static final double UPPER_QUANTILE = 0.975;
    private static final int UNKNOWNS = 3;

    private final double[] logs;
    private final double logEffect;
    private final int fewestBefore;
    private final double confirmedBound;

    private ChangePoints(double[] logs, double minEffect, int fewestBefore, int series) {
        this.logs = logs;
        this.logEffect = Math.log1p(minEffect);
        this.fewestBefore = fewestBefore;
        this.confirmedBound = Math.sqrt(CONFIRMED_BOUND * CONFIRMED_BOUND + 2 * Math.log(series));
    }

    /**
     * Finds the changes of a series.
     *
     * @param values in order of time, all positive
     * @param minEffect smallest relative change of interest, at least 0; well below what one wants to catch, or half of
     *     those are missed
     * @param series number of series that are looked at together: confirmed changes are as rare over all of them
     * @return in order of time
     */
    public static List<ChangePoint> find(double[] values, double minEffect, int series) {
        return new ChangePoints(logs(values), minEffect, FEWEST_BEFORE, series).all();
    }

    /** Levels within one run: shorter ones count too. */
    static List<ChangePoint> within(double[] values, double minEffect) {
        return new ChangePoints(logs(values), minEffect, FEWEST_AFTER, 1).all();
    }

    private static double[] logs(double[] values) {
        return Arrays.stream(values).map(Math::log).toArray();
    }

    private List<ChangePoint> all() {
        List<Integer> places = new ArrayList<>();
        split(0, logs.length, places);
        places.sort(Comparator.naturalOrder());
        return confirm(refined(places));
    }

    /** Each place again where it is surest between its neighbours: when it was found, other changes were in the way. */
    private List<Integer> refined(List<Integer> places) {
        List<Integer> refined = new ArrayList<>(places);
        for (int i = 0; places.size() > 1 && i < places.size(); i++) {
            int from = i == 0 ? 0 : refined.get(i - 1);
            int to = i == places.size() - 1 ? logs.length : places.get(i + 1);
            StepTest test = new StepTest(Arrays.copyOfRange(logs, from, to));
            int found = places.get(i) - from;
            int best = found;
            for (int place = Math.max(2, found - NEARBY); place <= Math.min(to - from - 2, found + NEARBY); place++) {
                best = test.at(place).z() > test.at(best).z() ? place : best;
            }
            refined.set(i, from + best);
        }
        return refined;
    }

    private void split(int from, int to, List<Integer> places) {
        Optional<StepTest.Step> found = surest(from, to);
        if (found.isPresent()) {
            int place = from + found.get().at();
            places.add(place);
            split(from, place, places);
            split(place, to, places);
        }
    }

    /** The surest step in a part, if it is sure enough. */
    private Optional<StepTest.Step> surest(int from, int to) {
        if (to - from < fewestBefore + FEWEST_AFTER) {
            return Optional.empty();
        }
        StepTest test = new StepTest(Arrays.copyOfRange(logs, from, to));
        StepTest.Step best = null;
        double bestExcess = 0;
        for (int place = fewestBefore; place <= to - from - FEWEST_AFTER; place++) {
            StepTest.Step step = test.at(place);
            double excess = step.z() - bound(from, from + place, to);
            if (excess > bestExcess && Math.abs(step.size()) >= logEffect) {
                best = step;
                bestExcess = excess;
            }
        }
        return best == null ? passing(from, to) : Optional.of(best);
    }

    /**
     * A change that a later one undid: over the whole part it hardly moves the mean, but one who had looked soon after it
     * would have seen it. These are many looks, so the bound is the highest.
     */
    private Optional<StepTest.Step> passing(int from, int to) {
        StepTest.Step best = null;
        double bestZ = PASSING_BOUND;
        for (int end = from + FEWEST_BEFORE_CONFIRMED + FEWEST_AFTER; end < to; end += 2) {
            StepTest test = new StepTest(Arrays.copyOfRange(logs, from, end));
            int length = end - from;
            for (int place = Math.max(FEWEST_BEFORE_CONFIRMED, length - NEW); place <= length - FEWEST_AFTER; place++) {
                StepTest.Step step = test.at(place);
                if (step.z() > bestZ && Math.abs(step.size()) >= logEffect) {
                    best = step;
                    bestZ = step.z();
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private double bound(int from, int place, int to) {
        boolean isNew = to == logs.length && to - place <= NEW;
        return (isNew ? NEW_BOUND : OLD_BOUND) + (to - from < SHORT ? SHORT_MORE : 0);
    }

    /** Tests each place between its neighbours; what does not hold there is dropped, and its neighbours tested anew. */
    private List<ChangePoint> confirm(List<Integer> places) {
        List<ChangePoint> points = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            int from = i == 0 ? 0 : places.get(i - 1);
            int to = i == places.size() - 1 ? logs.length : places.get(i + 1);
            Optional<ChangePoint> point = between(from, places.get(i), to);
            if (point.isEmpty()) {
                List<Integer> fewer = new ArrayList<>(places);
                fewer.remove(i);
                return confirm(fewer);
            }
            points.add(point.get());
        }
        return List.copyOf(points);
    }

    private Optional<ChangePoint> between(int from, int place, int to) {
        if (to - from <= 2 * UNKNOWNS) {
            return Optional.empty();
        }
        double[] part = Arrays.copyOfRange(logs, from, to);
        StepTest.Step step = new StepTest(part).at(place - from);
        if (step.z() < NEW_BOUND || Math.abs(step.size()) < logEffect) {
            return Optional.empty();
        }
        StepTest.Step sized = new StepTest(part, place - from).at(place - from);
        double half =
                new TDistribution(to - from - UNKNOWNS).inverseCumulativeProbability(UPPER_QUANTILE) * sized.error();
        return Optional.of(new ChangePoint(
                place,
                Math.exp(sized.size()),
                new Interval(Math.exp(sized.size() - half), Math.exp(sized.size() + half)),
                step.z(),
                sized.memory(),
                step.z() >= confirmedBound && place - from >= FEWEST_BEFORE_CONFIRMED));
    }
}
