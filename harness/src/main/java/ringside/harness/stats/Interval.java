package ringside.harness.stats;

/**
 * A 95 % confidence interval.
 *
 * @param low lower bound
 * @param high upper bound
 */
public record Interval(double low, double high) {
    /** Whether a value lies inside, bounds included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The smallest interval that covers both. */
    public Interval hull(Interval other) {
        return new Interval(Math.min(low, other.low), Math.max(high, other.high));
    }
}
