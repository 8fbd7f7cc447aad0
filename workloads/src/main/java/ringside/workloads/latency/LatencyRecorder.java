package ringside.workloads.latency;

import java.util.EnumSet;
import java.util.Set;
import ringside.workloads.unit.IoUnit;

/**
 * Latencies of one lane by direction. Confined to one thread; recording does not allocate. Memory: about 0.7 MB per
 * direction in use.
 */
public final class LatencyRecorder {
    private final LatencySet[] sets = new LatencySet[IoUnit.Op.values().length];

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
        sets[op.ordinal()].record(slatNs, clatNs);
    }

    /** Forgets everything, for the change from ramp to measurement. */
    public void reset() {
        for (LatencySet set : sets) {
            if (set != null) {
                set.reset();
            }
        }
    }

    /** The live set of a direction named at construction; copy it once recording has ended. */
    public LatencySet of(IoUnit.Op op) {
        return sets[op.ordinal()];
    }
}
