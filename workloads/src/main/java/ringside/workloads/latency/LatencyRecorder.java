package ringside.workloads.latency;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import ringside.workloads.unit.IoUnit;

/**
 * Latencies of one lane by direction. Confined to one thread; recording does not allocate. Memory: about 0.7 MB per
 * direction in use.
 */
public final class LatencyRecorder {
    private final LatencySet[] sets = new LatencySet[IoUnit.Op.values().length];

    /**
     * Requests that were submitted in one batch and reaped in one batch have the same latencies: they are counted here
     * and recorded together, which is what makes ten million a second possible.
     */
    private final long[] sameSlatNs = new long[sets.length];

    private final long[] sameClatNs = new long[sets.length];
    private final long[] same = new long[sets.length];

    /** A recorder for these directions only. */
    public LatencyRecorder(Set<IoUnit.Op> directions) {
        for (IoUnit.Op op : EnumSet.copyOf(directions)) {
            sets[op.ordinal()] = LatencySet.empty();
        }
    }

    /**
     * Records one completed request.
     *
     * @param op a direction named at construction
     * @param slatNs submission latency, negative counts as 0
     * @param clatNs completion latency, negative counts as 0
     */
    public void record(IoUnit.Op op, long slatNs, long clatNs) {
        int direction = op.ordinal();
        if (slatNs != sameSlatNs[direction] || clatNs != sameClatNs[direction]) {
            flush(direction);
            sameSlatNs[direction] = slatNs;
            sameClatNs[direction] = clatNs;
        }
        same[direction]++;
    }

    private void flush(int direction) {
        if (same[direction] > 0) {
            sets[direction].record(sameSlatNs[direction], sameClatNs[direction], same[direction]);
            same[direction] = 0;
        }
    }

    /** Forgets everything, for the change from ramp to measurement. */
    public void reset() {
        Arrays.fill(same, 0);
        for (LatencySet set : sets) {
            if (set != null) {
                set.reset();
            }
        }
    }

    /** The live set of a direction named at construction; copy it once recording has ended. */
    public LatencySet of(IoUnit.Op op) {
        flush(op.ordinal());
        return sets[op.ordinal()];
    }
}
