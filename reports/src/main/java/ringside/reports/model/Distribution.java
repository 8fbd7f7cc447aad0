package ringside.reports.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import ringside.harness.results.HistogramData;

/**
 * A latency distribution over several runs. The histograms are merged first; percentiles are never averaged, because
 * the mean of two p99 is the p99 of nothing. Not for several threads.
 */
public final class Distribution {
    /** Fewest values that must lie above a percentile before it is shown: p99.99 needs 100,000 values. */
    public static final int MINIMUM_ABOVE = 10;

    /** Classes of {@link #shares} to a factor of ten: each 12 % wider than the one before. */
    static final int CLASSES_PER_DECADE = 20;

    private static final int STEPS_PER_NINE = 12;
    private static final int MAXIMUM_NINES = 6;

    private final List<HistogramData> parts;
    private MergedCounts counts;

    private Distribution(List<HistogramData> parts) {
        this.parts = parts;
    }

    /**
     * A point of the curve.
     *
     * @param nines 1 / (1 - p): 2 for the median, 100 for p99
     * @param percentile 0 to 100
     * @param ns value in nanoseconds
     */
    public record Point(double nines, double percentile, long ns) {}

    /**
     * A class of the distribution.
     *
     * @param fromNs lower bound in nanoseconds
     * @param toNs upper bound in nanoseconds
     * @param share of all values, 0 to 1
     */
    public record Share(double fromNs, double toNs, double share) {}

    /** Merges; empty if there is nothing or a part was kept without its histogram. */
    static Optional<Distribution> merge(List<HistogramData> parts) {
        return parts.isEmpty() || parts.stream().anyMatch(part -> part.hdr().isEmpty())
                ? Optional.empty()
                : Optional.of(new Distribution(List.copyOf(parts)));
    }

    /** Decoded when a percentile is asked for. */
    private MergedCounts counts() {
        if (counts == null) {
            counts = MergedCounts.of(parts);
        }
        return counts;
    }

    /** Decodes now what is asked for later, so that several distributions can be decoded at once. */
    public void decode() {
        counts();
    }

    /** Number of values. */
    public long count() {
        return parts.stream().mapToLong(HistogramData::count).sum();
    }

    /** Arithmetic mean in nanoseconds. */
    public double meanNs() {
        return parts.stream().mapToDouble(part -> part.mean() * part.count()).sum() / count();
    }

    /** Largest value in nanoseconds. */
    public long maxNs() {
        return parts.stream().mapToLong(HistogramData::max).max().orElseThrow();
    }

    /** The value in nanoseconds at a percentile; empty when too few values lie above it. */
    public OptionalLong percentileNs(double percentile) {
        double above = count() * (100 - percentile) / 100;
        // Half a value of slack: 100,000 x 0.0001 is not quite 10 in binary.
        return above + 0.5 < MINIMUM_ABOVE
                ? OptionalLong.empty()
                : OptionalLong.of(counts().valueAtPercentile(percentile));
    }

    /** Shares of classes of equal ratio, {@link #CLASSES_PER_DECADE} to a decade, from the smallest value to the largest. */
    public List<Share> shares() {
        SortedMap<Integer, Long> classes = new TreeMap<>();
        counts().each((value, count) ->
                classes.merge((int) Math.floor(CLASSES_PER_DECADE * Math.log10(Math.max(1, value))), count, Long::sum));
        List<Share> shares = new ArrayList<>();
        for (int at = classes.firstKey(); at <= classes.lastKey(); at++) {
            shares.add(new Share(bound(at), bound(at + 1), (double) classes.getOrDefault(at, 0L) / count()));
        }
        return shares;
    }

    private static double bound(int at) {
        return Math.pow(10, (double) at / CLASSES_PER_DECADE);
    }

    /** The curve, evenly spaced in nines, as far as the number of values carries. */
    public List<Point> curve() {
        List<Point> points = new ArrayList<>();
        for (int step = 0; step <= MAXIMUM_NINES * STEPS_PER_NINE; step++) {
            double nines = Math.pow(10, (double) step / STEPS_PER_NINE);
            double percentile = 100 * (1 - 1 / nines);
            OptionalLong ns = percentileNs(percentile);
            if (ns.isEmpty()) {
                break;
            }
            points.add(new Point(nines, percentile, ns.getAsLong()));
        }
        return points;
    }
}
