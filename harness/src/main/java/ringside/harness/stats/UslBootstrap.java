package ringside.harness.stats;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Intervals of a scalability fit. A resampled level mean is the curve, plus a distance of some level from the curve, plus
 * the mean of resampled distances of values from their level: so a law that fits badly gets wide intervals.
 */
record UslBootstrap(Interval gamma, Interval alpha, Interval beta, Interval peak) {
    private static final int RESAMPLES = 2_000;
    private static final int UNKNOWNS = 3;
    private static final double UPPER_QUANTILE = 0.975;
    private static final double NORMAL_QUANTILE = 1.959964;

    static UslBootstrap run(UslData data, UslSolver solver, UslModel model, long seed) {
        UslModel[] models = resamples(data, solver, model, seed);
        return new UslBootstrap(
                interval(models, UslModel::gamma),
                interval(models, UslModel::alpha),
                interval(models, UslModel::beta),
                interval(models, one -> one.peak().orElse(Double.POSITIVE_INFINITY)));
    }

    /** 95 % interval of the throughput at a level. */
    static Interval throughput(UslData data, double level, long seed) {
        UslSolver solver = new UslSolver(data.n(), data.weights());
        UslModel[] models = resamples(data, solver, solver.fit(data.means()), seed);
        return interval(models, one -> one.throughput(level));
    }

    private static Interval interval(UslModel[] models, ToDoubleFunction<UslModel> figure) {
        return Bootstrap.percentileInterval(
                Arrays.stream(models).mapToDouble(figure).toArray());
    }

    private static UslModel[] resamples(UslData data, UslSolver solver, UslModel model, long seed) {
        RandomGenerator random = Bootstrap.generator(seed);
        double[] between = between(data, model);
        double[] within = within(data);
        double wider = wider(data.values() - UNKNOWNS);
        UslModel[] models = new UslModel[RESAMPLES];
        double[] means = new double[data.n().length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int level = 0; level < means.length; level++) {
                means[level] = Math.log(model.throughput(data.n()[level]))
                        + wider
                                * (between[random.nextInt(between.length)]
                                        + mean(within, data.logs()[level].length, random));
            }
            models[i] = solver.fit(means);
        }
        return models;
    }

    /** Student's t beside the normal distribution: what is known of the scatter comes from this many values only. */
    private static double wider(int degrees) {
        return new TDistribution(degrees).inverseCumulativeProbability(UPPER_QUANTILE) / NORMAL_QUANTILE;
    }

    /**
     * Distances of the levels from the curve, scaled to the variance that is more than what the scatter within the
     * levels explains.
     */
    private static double[] between(UslData data, UslModel model) {
        double[] distances = data.misfits(model);
        int freedom = distances.length - UNKNOWNS;
        double variance = Arrays.stream(distances).map(d -> d * d).sum() / freedom;
        int degreesWithin = data.values() - distances.length;
        double explained = degreesWithin == 0
                ? 0
                : data.squaresWithin()
                        / degreesWithin
                        * Arrays.stream(data.weights()).map(w -> 1 / w).sum()
                        / distances.length;
        double own = Math.max(0, variance - explained);
        double scale = variance == 0 ? 0 : Math.sqrt(own / variance * distances.length / freedom);
        return Arrays.stream(distances).map(d -> d * scale).toArray();
    }

    /** Distances of all values from their level's mean, scaled for the mean that was taken from them. */
    private static double[] within(UslData data) {
        int values = data.values();
        int degrees = values - data.n().length;
        if (degrees == 0) {
            return new double[] {0};
        }
        double scale = Math.sqrt((double) values / degrees);
        double[] all = new double[values];
        int at = 0;
        for (int level = 0; level < data.logs().length; level++) {
            for (double log : data.logs()[level]) {
                all[at++] = scale * (log - data.means()[level]);
            }
        }
        return all;
    }

    private static double mean(double[] from, int count, RandomGenerator random) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += from[random.nextInt(from.length)];
        }
        return sum / count;
    }
}
