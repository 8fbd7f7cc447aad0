package ringside.workloads.latency;

import org.HdrHistogram.Histogram;

/**
 * The three latency distributions of one direction in nanoseconds, 1 ns to 60 s at three digits (a value is at most
 * 0.1 % off; longer ones count as 60 s).
 *
 * @param slat from creating the request until the device can see it
 * @param clat from there until the load thread has it back
 * @param lat the sum, request by request
 */
public record LatencySet(Histogram slat, Histogram clat, Histogram lat) {
    /** Longest latency that is told apart: 60 s. */
    public static final long MAX_NS = 60_000_000_000L;

    private static final int DIGITS = 3;

    /** An empty set. */
    public static LatencySet empty() {
        return new LatencySet(histogram(), histogram(), histogram());
    }

    /** Adds all values of another set; percentiles of the sum are those of all values together. */
    public void add(LatencySet other) {
        slat.add(other.slat);
        clat.add(other.clat);
        lat.add(other.lat);
    }

    /** A copy that no longer changes. */
    public LatencySet copy() {
        return new LatencySet(slat.copy(), clat.copy(), lat.copy());
    }

    void record(long slatNs, long clatNs, long count) {
        slat.recordValueWithCount(clamp(slatNs), count);
        clat.recordValueWithCount(clamp(clatNs), count);
        lat.recordValueWithCount(clamp(slatNs + clatNs), count);
    }

    void reset() {
        slat.reset();
        clat.reset();
        lat.reset();
    }

    private static long clamp(long ns) {
        return Math.clamp(ns, 0, MAX_NS);
    }

    private static Histogram histogram() {
        return new Histogram(1, MAX_NS, DIGITS);
    }
}
