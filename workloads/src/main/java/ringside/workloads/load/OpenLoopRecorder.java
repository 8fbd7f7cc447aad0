package ringside.workloads.load;

import org.HdrHistogram.Histogram;
import ringside.workloads.latency.LatencySet;

/**
 * What tells whether an open loop kept its schedule, inside the window of its lane. Confined to the load thread until that
 * has ended; recording does not allocate.
 */
public final class OpenLoopRecorder {
    /** A request that begins later than this after its moment is late: longer than a load thread takes to wake. */
    public static final long LATE_NS = 100_000;

    private static final int DIGITS = 3;

    private final Histogram latency = new Histogram(1, LatencySet.MAX_NS, DIGITS);
    private long begun;
    private long late;
    private long skipped;

    /** Latency from the moment at which a request was due to its completion, 1 ns to 60 s at three digits. */
    public Histogram latency() {
        return latency;
    }

    /** Requests that have begun. */
    public long begun() {
        return begun;
    }

    /** Of these, those that began more than {@link #LATE_NS} after their moment. */
    public long late() {
        return late;
    }

    /** Requests that were due and had not begun when the window closed. */
    public long skipped() {
        return skipped;
    }

    void reset() {
        latency.reset();
        begun = 0;
        late = 0;
        skipped = 0;
    }

    void begun(long delayNs) {
        begun++;
        if (delayNs > LATE_NS) {
            late++;
        }
    }

    void completed(long latencyNs) {
        latency.recordValue(Math.clamp(latencyNs, 0, LatencySet.MAX_NS));
    }

    void skipped(long requests) {
        skipped += requests;
    }
}
