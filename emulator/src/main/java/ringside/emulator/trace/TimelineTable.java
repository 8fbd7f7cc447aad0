package ringside.emulator.trace;

import java.util.Arrays;

/**
 * Time stamps of the requests of one queue, one row per descriptor head, outside guest memory.
 *
 * <p>Driver and device write the same row without a lock: a head belongs to one side at a time and the ring's
 * release/acquire pairs order the hand-over, so the driver may read a whole row after it reaped the head. Rows of
 * requests that are not sampled are never written. No method allocates.
 */
public final class TimelineTable {
    private final long[] stamps;
    private final boolean[] sampled;
    private final int sampleEvery;
    private int countdown = 1;

    /**
     * @param heads number of descriptor heads of the queue
     * @param sampleEvery every n-th request is sampled; 1 samples all
     */
    public TimelineTable(int heads, int sampleEvery) {
        if (sampleEvery < 1) {
            throw new IllegalArgumentException("timeline sampling interval must be at least 1, not " + sampleEvery);
        }
        this.stamps = new long[heads * TracePoint.COUNT];
        this.sampled = new boolean[heads];
        this.sampleEvery = sampleEvery;
    }

    /** Driver side: decides whether the request that will use this head is sampled, and clears the row if so. */
    public boolean begin(int head) {
        boolean sample = --countdown == 0;
        if (sample) {
            countdown = sampleEvery;
            int row = head * TracePoint.COUNT;
            Arrays.fill(stamps, row, row + TracePoint.COUNT, 0L);
        }
        sampled[head] = sample;
        return sample;
    }

    /** Whether the request now on this head is sampled. */
    public boolean isSampled(int head) {
        return sampled[head];
    }

    /** Stamps a point with {@link System#nanoTime()}. Call only for sampled heads. */
    public void stamp(int head, TracePoint point) {
        stamps[head * TracePoint.COUNT + point.ordinal()] = System.nanoTime();
    }

    /** The stamp of a point in nanoTime's clock, 0 when the point was not passed. */
    public long stampNs(int head, TracePoint point) {
        return stamps[head * TracePoint.COUNT + point.ordinal()];
    }
}
