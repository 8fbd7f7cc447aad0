package ringside.harness.stats;

/**
 * A place where the level of a series changed.
 *
 * @param at index of the first value of the new level
 * @param ratio new level / old level
 * @param interval 95 % interval of the ratio, given the place
 * @param z how sure, as a normal deviate
 * @param memory autocorrelation at lag 1 of the noise around it
 * @param confirmed whether it also holds for one who looks again after every new value; see {@link ChangePoints}
 */
public record ChangePoint(int at, double ratio, Interval interval, double z, double memory, boolean confirmed) {}
