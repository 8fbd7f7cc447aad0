package ringside.workloads.runner;

import java.util.List;
import org.HdrHistogram.Histogram;
import ringside.workloads.latency.LatencySet;

/**
 * Flushes among the writes of a job (fio: sync).
 *
 * @param ios those that ended well in the window
 * @param latency theirs
 */
public record SyncOutcome(long ios, Histogram latency) {
    static SyncOutcome sum(List<SyncOutcome> parts) {
        long ios = 0;
        Histogram latency = new Histogram(1, LatencySet.MAX_NS, 3);
        for (SyncOutcome part : parts) {
            ios += part.ios;
            latency.add(part.latency);
        }
        return new SyncOutcome(ios, latency);
    }
}
