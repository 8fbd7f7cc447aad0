package ringside.harness.export;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import ringside.workloads.latency.FioBuckets;

/** Distributions in the classes that fio uses. */
final class FioShares {
    private static final double[] PERCENTILES = {
        1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99
    };
    private static final long[] LIMITS = {2, 4, 10, 20, 50, 100, 250, 500, 750, 1000};
    private static final long NS_PER_US = 1_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long LAST_MS = 2000;
    private static final double HUNDRED = 100;
    private static final int[] DEPTHS = {1, 2, 4, 8, 16, 32};
    private static final int[] BATCHES = {0, 4, 8, 16, 32, 64};
    private static final int DEEP = 64;

    private FioShares() {}

    /** fio's list, each the name of the bucket that holds it. */
    static Map<String, Long> percentiles(Histogram histogram) {
        Map<String, Long> percentiles = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            long ns = histogram.getValueAtPercentile(percentile);
            percentiles.put(String.format(Locale.ROOT, "%.6f", percentile), FioBuckets.value(FioBuckets.index(ns)));
        }
        return percentiles;
    }

    /** Counts by bucket, those that are not empty. */
    static Map<String, Long> bins(Histogram histogram) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (HistogramIterationValue value : histogram.recordedValues()) {
            counts.merge(FioBuckets.index(value.getValueIteratedTo()), value.getCountAtValueIteratedTo(), Long::sum);
        }
        Map<String, Long> bins = new LinkedHashMap<>();
        counts.forEach((index, count) -> bins.put(Long.toString(FioBuckets.value(index)), count));
        return bins;
    }

    /** Shares of all requests by latency, in per cent: below 1 us, below 1 ms, and from there. */
    static void latencies(Map<String, Object> root, Histogram histogram) {
        root.put("latency_ns", classes(histogram, 0, 1, LIMITS));
        root.put("latency_us", classes(histogram, NS_PER_US, NS_PER_US, LIMITS));
        Map<String, Double> ms = classes(histogram, NS_PER_MS, NS_PER_MS, LIMITS);
        long second = LIMITS[LIMITS.length - 1] * NS_PER_MS;
        ms.put(Long.toString(LAST_MS), share(histogram, second, LAST_MS * NS_PER_MS));
        ms.put(">=" + LAST_MS, share(histogram, LAST_MS * NS_PER_MS, Long.MAX_VALUE));
        root.put("latency_ms", ms);
    }

    private static Map<String, Double> classes(Histogram histogram, long fromNs, long unitNs, long[] limits) {
        Map<String, Double> shares = new LinkedHashMap<>();
        long low = fromNs;
        for (long limit : limits) {
            shares.put(Long.toString(limit), share(histogram, low, limit * unitNs));
            low = limit * unitNs;
        }
        return shares;
    }

    /** Share of the values from low to below high. */
    private static double share(Histogram histogram, long low, long high) {
        if (histogram.getTotalCount() == 0 || low > histogram.getMaxValue()) {
            return 0;
        }
        long last = Math.min(high - 1, histogram.getMaxValue());
        return last < low ? 0 : HUNDRED * histogram.getCountBetweenValues(low, last) / histogram.getTotalCount();
    }

    /** Our load keeps its depth full and hands over what it has, so one class holds everything. */
    static void depths(Map<String, Object> root, int iodepth) {
        Map<String, Double> levels = new LinkedHashMap<>();
        int level = Math.min(DEEP, Integer.highestOneBit(Math.max(1, iodepth)));
        for (int depth : DEPTHS) {
            levels.put(Integer.toString(depth), depth == level ? HUNDRED : 0);
        }
        levels.put(">=" + DEEP, level == DEEP ? HUNDRED : 0);
        root.put("iodepth_level", levels);
        root.put("iodepth_submit", noBatches());
        root.put("iodepth_complete", noBatches());
    }

    private static Map<String, Double> noBatches() {
        Map<String, Double> batches = new LinkedHashMap<>();
        for (int batch : BATCHES) {
            batches.put(Integer.toString(batch), 0.0);
        }
        batches.put(">=" + DEEP, 0.0);
        return batches;
    }
}
