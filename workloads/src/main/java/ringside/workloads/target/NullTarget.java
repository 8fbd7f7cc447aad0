package ringside.workloads.target;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.workloads.unit.IoUnit;

/** A queue that completes in order what was committed. */
final class NullTarget implements IoTarget {
    private static final int ALIGNMENT_BYTES = 4096;

    private final long capacityBytes;
    private final int maxDepth;
    private final Arena arena;
    private IoUnit[] ring = {};
    private int mask;
    private int submitted;
    private int committed;
    private int polled;

    NullTarget(long capacityBytes, int maxDepth, Arena arena) {
        this.capacityBytes = capacityBytes;
        this.maxDepth = maxDepth;
        this.arena = arena;
    }

    @Override
    public long capacityBytes() {
        return capacityBytes;
    }

    @Override
    public int maxDepth() {
        return maxDepth;
    }

    @Override
    public IoUnit[] allocateUnits(int depth, int bufferBytes) {
        int entries = Integer.highestOneBit(Math.max(1, depth - 1)) << 1;
        ring = new IoUnit[entries];
        mask = entries - 1;
        IoUnit[] units = new IoUnit[depth];
        for (int i = 0; i < depth; i++) {
            MemorySegment buffer = arena.allocate(bufferBytes, ALIGNMENT_BYTES);
            units[i] = new IoUnit(i, buffer, buffer.address());
        }
        return units;
    }

    @Override
    public SubmitStatus submit(IoUnit unit) {
        if (submitted - polled == ring.length) {
            return SubmitStatus.BUSY;
        }
        ring[submitted++ & mask] = unit;
        return SubmitStatus.QUEUED;
    }

    @Override
    public void commit() {
        committed = submitted;
    }

    @Override
    public IoUnit poll() {
        if (polled == committed) {
            return null;
        }
        IoUnit unit = ring[polled++ & mask];
        unit.error = 0;
        return unit;
    }

    @Override
    public boolean prepareToHalt() {
        return polled != committed;
    }

    @Override
    public void close() {
        // The buffers belong to the set.
    }
}
