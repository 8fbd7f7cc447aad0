package ringside.harness.stats;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.FDistribution;
import ringside.harness.HarnessException;

/**
 * The Universal Scalability Law fitted to measured throughput, with 95 % intervals by a bootstrap of residuals. The law
 * describes, it does not explain: a change of regime (another socket, hyper-threads, another lock) is not in it, so that
 * {@link #supports} says how far beyond what was measured it may be asked.
 *
 * <p>The bootstrap resamples what lies between the values and the curve, the scatter between levels included, widened by
 * the degrees of freedom that the fit took. Thread-safe.
 *
 * @param model best fit
 * @param gamma interval of X(1)
 * @param alpha interval of the contention
 * @param beta interval of the coherency
 * @param peak interval of N*, where it is infinite for a share of the resamples its upper end is infinite
 * @param levels number of levels fitted
 * @param smallest smallest level
 * @param largest largest level
 * @param fitError root mean square of the levels' relative distance from the curve
 * @param lackOfFitP chance of levels so far from the curve if the law held, from the scatter within the levels; NaN where
 *     no level was measured twice
 * @param holdOutError relative error of the prediction of the largest level by a fit without it; NaN with fewer than
 *     {@value #FEWEST_LEVELS} other levels
 */
public record UslFit(
        UslModel model,
        Interval gamma,
        Interval alpha,
        Interval beta,
        Interval peak,
        int levels,
        double smallest,
        double largest,
        double fitError,
        double lackOfFitP,
        double holdOutError) {
    /** Fewest levels that can be fitted: three unknowns and one to contradict them. */
    public static final int FEWEST_LEVELS = 4;

    /** Levels from which a fit is good enough to publish. */
    public static final int ENOUGH_LEVELS = 6;

    /** Farthest level that is predicted, in multiples of the largest one measured. */
    public static final double FARTHEST = 2;

    /** Below this chance the law does not describe the levels. */
    private static final double MISFIT = 0.01;

    /** A misfit smaller than this does not matter, however sure it is. */
    private static final double SMALL_MISFIT = 0.02;

    private static final double HUNDRED = 100;

    /**
     * Fits.
     *
     * @param n levels: how many of what was scaled, each at least 1, all different
     * @param samples throughput at each level, positive, at least one value each
     * @param seed of the bootstrap; the same data and seed give the same intervals
     * @throws HarnessException with fewer than {@value #FEWEST_LEVELS} levels, or values that are no throughput
     */
    public static UslFit of(double[] n, double[][] samples, long seed) {
        UslData data = UslData.of(n, samples);
        UslSolver solver = new UslSolver(data.n(), data.weights());
        UslModel model = solver.fit(data.means());
        UslBootstrap bootstrap = UslBootstrap.run(data, solver, model, seed);
        double holdOut = data.n().length > FEWEST_LEVELS ? holdOut(data) : Double.NaN;
        return new UslFit(
                model,
                bootstrap.gamma(),
                bootstrap.alpha(),
                bootstrap.beta(),
                bootstrap.peak(),
                data.n().length,
                data.n()[0],
                data.n()[data.n().length - 1],
                Math.sqrt(Arrays.stream(data.misfits(model)).map(d -> d * d).sum() / data.n().length),
                lackOfFit(data, model),
                holdOut);
    }

    /** 95 % interval of the throughput at a level, by the same bootstrap; only for one that {@link #supports} allows. */
    public static Interval throughput(double[] n, double[][] samples, long seed, double level) {
        return UslBootstrap.throughput(UslData.of(n, samples), level, seed);
    }

    private static double holdOut(UslData data) {
        UslData rest = data.withoutLargest();
        UslModel model = new UslSolver(rest.n(), rest.weights()).fit(rest.means());
        int last = data.n().length - 1;
        return Math.abs(Math.expm1(Math.log(model.throughput(data.n()[last])) - data.means()[last]));
    }

    /** F test of the levels' distance from the curve against the scatter within the levels. */
    private static double lackOfFit(UslData data, UslModel model) {
        int degreesOfError = data.values() - data.n().length;
        double pureError = data.squaresWithin() / degreesOfError;
        if (degreesOfError == 0 || pureError == 0) {
            return Double.NaN;
        }
        double misfit = 0;
        double[] distances = data.misfits(model);
        for (int i = 0; i < distances.length; i++) {
            misfit += data.weights()[i] * distances[i] * distances[i];
        }
        int degreesOfFit = data.n().length - 3;
        double f = misfit / degreesOfFit / pureError;
        return 1 - new FDistribution(degreesOfFit, degreesOfError).cumulativeProbability(f);
    }

    /** Whether the law describes what was measured. */
    public boolean describes() {
        return fitError < SMALL_MISFIT || !(lackOfFitP < MISFIT);
    }

    /** Whether the data tell what the contention is: a share lies between 0 and 1, and an interval beyond that tells nothing. */
    public boolean determined() {
        return alpha.high() <= 1;
    }

    /**
     * Why the model must not be asked for a level, empty where it may. Inside the levels measured it may always. Beyond
     * them only up to {@value #FARTHEST} times the largest, and only where the fall of the curve is known: where the
     * interval of beta includes 0, data cannot tell a curve that flattens from one that falls.
     */
    public Optional<String> refusal(double level) {
        if (level >= smallest && level <= largest) {
            return Optional.empty();
        }
        if (level < smallest) {
            return Optional.of(plain(level) + " lies below the smallest level, " + plain(smallest));
        }
        if (level > FARTHEST * largest) {
            return Optional.of(
                    plain(level) + " is more than " + plain(FARTHEST) + " times the largest level, " + plain(largest));
        }
        if (!determined()) {
            return Optional.of("the levels scatter too much: their contention may be anything up to more than 1");
        }
        if (beta.low() <= 0) {
            return Optional.of(
                    "the levels up to " + plain(largest) + " do not show whether throughput falls: beta may be 0");
        }
        if (!describes()) {
            return Optional.of(String.format(
                    Locale.ROOT, "the law does not describe the levels: they lie %.1f %% off it", HUNDRED * fitError));
        }
        return Optional.empty();
    }

    private static String plain(double n) {
        return String.format(Locale.ROOT, n == Math.rint(n) ? "%.0f" : "%.1f", n);
    }

    /** Whether the model may be asked for a level, see {@link #refusal}. */
    public boolean supports(double level) {
        return refusal(level).isEmpty();
    }

    /** Throughput at a level, empty where the data do not support it. */
    public OptionalDouble predict(double level) {
        return supports(level) ? OptionalDouble.of(model.throughput(level)) : OptionalDouble.empty();
    }
}
