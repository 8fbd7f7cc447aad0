package ringside.workloads.load;

import ringside.workloads.trace.Trace;
import ringside.workloads.unit.IoUnit;

/** Goes through a trace, once or again and again. Confined to the lane's thread; does not allocate per request. */
final class Replay {
    private final Trace trace;
    private final boolean endless;
    private final long lapNs;
    private int next;
    private long lapStartNs;

    /**
     * A replay from the first request.
     *
     * @param endless begin again behind the last request; one mean distance lies between the two
     */
    Replay(Trace trace, boolean endless) {
        this.trace = trace;
        this.endless = endless;
        long durationNs = trace.summary().durationNs();
        this.lapNs = durationNs + durationNs / Math.max(1, trace.size() - 1);
    }

    boolean hasNext() {
        return next < trace.size();
    }

    /** When the next request is due, from the begin of the replay. */
    long dueNs() {
        return lapStartNs + trace.timeNs(next);
    }

    void next(IoUnit unit) {
        unit.op = switch (trace.op(next)) {
            case READ -> IoUnit.Op.READ;
            case WRITE -> IoUnit.Op.WRITE;
            case TRIM -> IoUnit.Op.TRIM;
            case SYNC -> IoUnit.Op.FLUSH;
        };
        unit.offsetBytes = trace.offsetBytes(next);
        unit.lengthBytes = trace.lengthBytes(next);
        skip();
    }

    void skip() {
        next++;
        if (endless && next == trace.size()) {
            next = 0;
            lapStartNs += lapNs;
        }
    }

    void restart() {
        next = 0;
        lapStartNs = 0;
    }
}
