package ringside.workloads.load;

import org.HdrHistogram.Histogram;
import ringside.workloads.latency.LatencySet;

/** A lane's flushes among its writes, and what they took. Confined to its load thread; recording does not allocate. */
public final class SyncSchedule {
    private static final int DIGITS = 3;

    private final int everyWrites;
    private final Histogram latency = new Histogram(1, LatencySet.MAX_NS, DIGITS);
    private int writes;
    private long completed;

    SyncSchedule(int everyWrites) {
        this.everyWrites = everyWrites;
    }

    /** Latency of the flushes in the window, 1 ns to 60 s at three digits. */
    public Histogram latency() {
        return latency;
    }

    /** Flushes that ended well in the window. */
    public long completed() {
        return completed;
    }

    void reset() {
        latency.reset();
        completed = 0;
        writes = 0;
    }

    void wrote() {
        writes++;
    }

    /** Whether the next request is a flush; it then counts as made. */
    boolean take() {
        if (writes < everyWrites) {
            return false;
        }
        writes = 0;
        return true;
    }

    void completed(long latencyNs) {
        completed++;
        latency.recordValue(Math.clamp(latencyNs, 0, LatencySet.MAX_NS));
    }
}
