package ringside.harness.stats;

import java.util.Arrays;

/**
 * One step of the mean in a series whose noise remembers its past: generalised least squares under a first-order
 * autoregression, at every place of the step. How much the noise remembers is estimated from what is left when the step
 * is taken out, with the bias of small samples removed (Kendall, Biometrika 41, 1954), and never below 0. Values far
 * from the bulk are pulled in first, so that a single outlier is no step.
 */
final class StepTest {
    /** Values are clipped at this many robust standard deviations from the median. */
    private static final double CLIP = 3.5;

    /** Makes the median of absolute deviations a standard deviation, for normal noise. */
    private static final double MAD_TO_SD = 1.4826;

    private static final double MOST_MEMORY = 0.9;
    private static final int UNKNOWNS = 3;

    private final double[] y;

    /** For looking for the place of a step: outliers are told from both sides together. */
    StepTest(double[] values) {
        y = clipped(values);
    }

    /** For the size of a step whose place is known: outliers of each side are told from that side. */
    StepTest(double[] values, int place) {
        y = Arrays.copyOf(clipped(Arrays.copyOf(values, place)), values.length);
        double[] after = clipped(Arrays.copyOfRange(values, place, values.length));
        System.arraycopy(after, 0, y, place, after.length);
    }

    /**
     * A step.
     *
     * @param at index of the first value after it
     * @param z how sure: Student's t of its size as a normal deviate, without sign; comparable between lengths
     * @param size mean after minus mean before
     * @param error standard error of the size
     * @param memory autocorrelation at lag 1 of the noise, 0 to 0.9
     */
    record Step(int at, double z, double size, double error, double memory) {}

    /** The step at a place; at least two values lie on each side. */
    Step at(int place) {
        int n = y.length;
        double memory = memory(place);
        double u = 1 - memory;
        double first = Math.sqrt(1 - memory * memory);
        double a11 = first * first + (n - 1) * u * u;
        double a12 = u + (n - place - 1) * u * u;
        double a22 = 1 + (n - place - 1) * u * u;
        double b1 = first * first * y[0];
        double b2 = 0;
        double squares = first * first * y[0] * y[0];
        for (int i = 1; i < n; i++) {
            double e = y[i] - memory * y[i - 1];
            b1 += u * e;
            b2 += i < place ? 0 : i == place ? e : u * e;
            squares += e * e;
        }
        double determinant = a11 * a22 - a12 * a12;
        double size = (a11 * b2 - a12 * b1) / determinant;
        double level = (a22 * b1 - a12 * b2) / determinant;
        double rest = Math.max(0, squares - level * b1 - size * b2);
        double error = Math.sqrt(rest / (n - UNKNOWNS) * a11 / determinant);
        return new Step(place, deviate(size, error, n - UNKNOWNS), size, error, memory);
    }

    /** Student's t as a normal deviate: Wallace, Annals of Mathematical Statistics 30 (1959). */
    private static double deviate(double size, double error, int degrees) {
        if (size == 0) {
            return 0;
        }
        double t = size / Math.max(error, Math.abs(size) * 1e-9);
        return Math.sqrt(degrees * Math.log1p(t * t / degrees)) * (1 - 0.75 / degrees);
    }

    private double memory(int place) {
        double before = mean(0, place);
        double after = mean(place, y.length);
        double squares = 0;
        double products = 0;
        double last = 0;
        for (int i = 0; i < y.length; i++) {
            double rest = y[i] - (i < place ? before : after);
            squares += rest * rest;
            products += rest * last;
            last = rest;
        }
        if (squares == 0 || y.length <= 2 * UNKNOWNS) {
            return 0;
        }
        int n = y.length;
        double unbiased = (products / squares * n + 2) / (n - 2 * UNKNOWNS);
        return Math.clamp(unbiased, 0, MOST_MEMORY);
    }

    private double mean(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += y[i];
        }
        return sum / (to - from);
    }

    private static double[] clipped(double[] values) {
        double median = Summary.median(values);
        double spread = MAD_TO_SD
                * Summary.median(Arrays.stream(values)
                        .map(value -> Math.abs(value - median))
                        .toArray());
        if (spread == 0) {
            return values.clone(); // more than half of the values are equal
        }
        return Arrays.stream(values)
                .map(value -> Math.clamp(value, median - CLIP * spread, median + CLIP * spread))
                .toArray();
    }
}
