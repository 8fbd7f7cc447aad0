package ringside.workloads.runner;

import java.util.List;

/**
 * Requests and bytes per interval over all lanes, from the begin of MEASURE; whole intervals only.
 *
 * @param intervalNs length of an interval
 * @param ios requests completed in each
 * @param bytes bytes moved in each
 */
public record SeriesOutcome(long intervalNs, List<Long> ios, List<Long> bytes) {
    /** Requests per second in each interval. */
    public List<Double> iops() {
        return ios.stream().map(count -> count * 1e9 / intervalNs).toList();
    }

    /** Bytes per second in each interval. */
    public List<Double> bytesPerSecond() {
        return bytes.stream().map(count -> count * 1e9 / intervalNs).toList();
    }
}
