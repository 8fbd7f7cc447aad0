package ringside.workloads.runner;

import java.util.List;
import org.HdrHistogram.Histogram;
import ringside.workloads.latency.LatencySet;

/**
 * Whether an open loop kept its schedule in its window.
 *
 * @param due requests that were to begin: those that did, and those that were skipped
 * @param late requests that began more than {@value ringside.workloads.load.OpenLoopRecorder#LATE_NS} ns after their moment
 * @param skipped requests that had not begun when the window closed
 * @param latency from the moment at which a request was due to its completion
 */
public record OpenLoopOutcome(long due, long late, long skipped, Histogram latency) {
    /** More than this share of requests skipped, and the rate was missed. */
    public static final double TOLERANCE = 0.01;

    /** Whether so many requests were skipped that the load was not the one asked for. */
    public boolean missed() {
        return skipped > due * TOLERANCE;
    }

    /** Sums. */
    static OpenLoopOutcome sum(List<OpenLoopOutcome> parts) {
        Histogram latency = new Histogram(1, LatencySet.MAX_NS, 3);
        parts.forEach(part -> latency.add(part.latency));
        return new OpenLoopOutcome(
                parts.stream().mapToLong(OpenLoopOutcome::due).sum(),
                parts.stream().mapToLong(OpenLoopOutcome::late).sum(),
                parts.stream().mapToLong(OpenLoopOutcome::skipped).sum(),
                latency);
    }
}
