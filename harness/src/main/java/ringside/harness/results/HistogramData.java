package ringside.harness.results;

import java.util.Map;

/**
 * A latency distribution of one run, merged over queues, jobs and disks before any percentile was computed.
 *
 * @param unit {@code ns}
 * @param count number of values
 * @param min smallest value
 * @param max largest value
 * @param mean arithmetic mean
 * @param stddev standard deviation
 * @param percentiles keys such as {@code 50.0}, {@code 99.9}, {@code 99.999}
 * @param hdr compressed HdrHistogram in base64, empty when not kept
 */
public record HistogramData(
        String unit,
        long count,
        long min,
        long max,
        double mean,
        double stddev,
        Map<String, Long> percentiles,
        String hdr) {}
