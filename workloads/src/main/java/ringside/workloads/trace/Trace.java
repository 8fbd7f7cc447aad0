package ringside.workloads.trace;

import java.nio.file.Path;

/** The requests of a trace in the order of their times. Immutable; reading an element does not allocate. */
public final class Trace {
    private static final TraceOp[] OPS = TraceOp.values();

    private final long[] timesNs;
    private final long[] offsets;
    private final int[] lengths;
    private final byte[] ops;
    private final TraceSummary summary;

    Trace(long[] timesNs, long[] offsets, int[] lengths, byte[] ops) {
        this.timesNs = timesNs;
        this.offsets = offsets;
        this.lengths = lengths;
        this.ops = ops;
        this.summary = TraceSummary.of(this);
    }

    /**
     * Reads a trace; its form is told by its first bytes.
     *
     * @throws TraceException one line, when it cannot be read, is malformed, or holds nothing to replay
     */
    public static Trace read(Path file, TraceRules rules) {
        return TraceFile.read(file, rules);
    }

    /** Number of requests, 1 or more. */
    public int size() {
        return ops.length;
    }

    /** When a request is due, from the begin of the replay; ascending. */
    public long timeNs(int index) {
        return timesNs[index];
    }

    /** What it does. */
    public TraceOp op(int index) {
        return OPS[ops[index]];
    }

    /** Its first byte, a multiple of 512. */
    public long offsetBytes(int index) {
        return offsets[index];
    }

    /** Its length, a multiple of 512; 0 for a sync. */
    public int lengthBytes(int index) {
        return lengths[index];
    }

    /** What it needs. */
    public TraceSummary summary() {
        return summary;
    }
}
