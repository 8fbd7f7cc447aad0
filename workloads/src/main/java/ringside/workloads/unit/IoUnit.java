package ringside.workloads.unit;

import java.lang.foreign.MemorySegment;

/**
 * One I/O unit (fio: io_u): a reused slot with its own buffer in the target's memory. Filled in by the generator,
 * submitted to a target, and given back by the target's poll. Confined to the thread that drives the target.
 */
public final class IoUnit {
    /** What to do. */
    public enum Op {
        READ,
        WRITE,
        FLUSH,
        TRIM
    }

    /** Index of this unit in its pool, 0 .. depth - 1. */
    public final int index;

    /** The unit's data buffer, at least as large as the largest block. The target moves these bytes. */
    public final MemorySegment buffer;

    /** The target's own address of the buffer: a guest physical address for virtio targets. */
    public final long bufferAddress;

    /** What to do. */
    public Op op = Op.READ;

    /** First byte on the disk, a multiple of 512. */
    public long offsetBytes;

    /** Length in bytes, a multiple of 512. */
    public int lengthBytes;

    /** When a paced generator or a trace was to begin this unit, nanoTime's clock; without a pace not set. */
    public long intendedNs;

    /** When the generator began this unit (start of slat), nanoTime's clock. */
    public long createNs;

    /** When the unit had been made visible to the device (end of slat, start of clat), nanoTime's clock. */
    public long submitNs;

    /** Outcome after completion: 0 or a positive errno. */
    public int error;

    public IoUnit(int index, MemorySegment buffer, long bufferAddress) {
        this.index = index;
        this.buffer = buffer;
        this.bufferAddress = bufferAddress;
    }
}
