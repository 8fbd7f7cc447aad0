package ringside.harness.results;

/**
 * One number of a result.
 *
 * @param value raw, never formatted
 * @param unit for example {@code 1/s}, {@code ns}, {@code bytes/s}, {@code ratio}
 * @param better which direction is better
 */
public record Metric(double value, String unit, Better better) {
    /** Which direction of a metric is better. */
    public enum Better {
        HIGHER,
        LOWER,
        NEITHER
    }
}
