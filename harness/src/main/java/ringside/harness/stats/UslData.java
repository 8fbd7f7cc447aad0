package ringside.harness.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import ringside.harness.HarnessException;

/**
 * Levels in rising order and the logarithms of their throughput.
 *
 * @param n levels
 * @param logs logarithms of the values of each
 * @param means mean of the logarithms of each
 */
record UslData(double[] n, double[][] logs, double[] means) {
    static UslData of(double[] n, double[][] samples) {
        if (n.length != samples.length) {
            throw new IllegalArgumentException(n.length + " levels, but samples of " + samples.length);
        }
        if (n.length < UslFit.FEWEST_LEVELS) {
            throw HarnessException.badInput("a scalability fit needs at least " + UslFit.FEWEST_LEVELS
                    + " levels, there are " + n.length + ": measure more values of the axis");
        }
        Integer[] order = IntStream.range(0, n.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> n[i]));
        double[] levels = new double[n.length];
        double[][] logs = new double[n.length][];
        for (int i = 0; i < order.length; i++) {
            levels[i] = n[order[i]];
            refuse(levels, i, samples[order[i]]);
            logs[i] = Arrays.stream(samples[order[i]]).map(Math::log).toArray();
        }
        return new UslData(levels, logs, means(logs));
    }

    private static void refuse(double[] levels, int i, double[] values) {
        if (!(levels[i] >= 1) || Double.isInfinite(levels[i])) {
            throw HarnessException.badInput("level " + levels[i] + " is no number of at least 1");
        }
        if (i > 0 && levels[i] == levels[i - 1]) {
            throw HarnessException.badInput("level " + levels[i] + " is there twice: give its values together");
        }
        for (double value : values) {
            if (!(value > 0) || Double.isInfinite(value)) {
                throw HarnessException.badInput("level " + levels[i] + ": " + value + " is no throughput");
            }
        }
        if (values.length == 0) {
            throw HarnessException.badInput("level " + levels[i] + " has no value");
        }
    }

    private static double[] means(double[][] logs) {
        return Arrays.stream(logs)
                .mapToDouble(values -> Arrays.stream(values).average().orElseThrow())
                .toArray();
    }

    /** Number of values behind each level. */
    double[] weights() {
        return Arrays.stream(logs).mapToDouble(values -> values.length).toArray();
    }

    /** Number of all values. */
    int values() {
        return Arrays.stream(logs).mapToInt(values -> values.length).sum();
    }

    /** Each level's mean logarithm minus the model's. */
    double[] misfits(UslModel model) {
        return IntStream.range(0, n.length)
                .mapToDouble(i -> means[i] - Math.log(model.throughput(n[i])))
                .toArray();
    }

    /** Sum of the squares of the values' distances from their level's mean. */
    double squaresWithin() {
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            for (double log : logs[i]) {
                sum += (log - means[i]) * (log - means[i]);
            }
        }
        return sum;
    }

    UslData withoutLargest() {
        int rest = n.length - 1;
        return new UslData(Arrays.copyOf(n, rest), Arrays.copyOf(logs, rest), Arrays.copyOf(means, rest));
    }
}
