package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.Le;

/**
 * {@code struct virtq_used} (VIRTIO-1.2 §2.7.8), written by the device.
 *
 * <pre>
 *   0       2      4                                  4 + 8n        6 + 8n
 *   | flags | idx  | ring[n] of {id le32, len le32}   | avail_event |
 * </pre>
 */
public final class VirtqUsed {
    /** The device asks for no available-buffer notifications; only without EVENT_IDX. */
    public static final int VIRTQ_USED_F_NO_NOTIFY = 1;

    /** Where the index lies. */
    static final int IDX_OFFSET = 2;

    /** Size of an element. */
    static final int ELEMENT_BYTES = 8;

    private static final int RING = 4;

    private VirtqUsed() {}

    /** Size of the structure. */
    public static long bytes(int queueSize) {
        return RING + 8L * queueSize + 2;
    }

    /** Where an element lies. */
    static long elementOffset(int slot) {
        return RING + (long) ELEMENT_BYTES * slot;
    }

    static int flags(MemorySegment ram, long used) {
        return Le.get16Opaque(ram, used);
    }

    static void putFlags(MemorySegment ram, long used, int flags) {
        Le.put16Opaque(ram, used, flags);
    }

    /** Acquire: the used elements and the data behind them are visible. */
    public static int idxAcquire(MemorySegment ram, long used) {
        return Le.get16Acquire(ram, used + IDX_OFFSET);
    }

    /** Release: elements, data and status written before are visible to whoever acquires this index. */
    static void putIdxRelease(MemorySegment ram, long used, int idx) {
        Le.put16Release(ram, used + IDX_OFFSET, idx);
    }

    static int id(MemorySegment ram, long used, int slot) {
        return Le.get32(ram, used + RING + 8L * slot);
    }

    static int len(MemorySegment ram, long used, int slot) {
        return Le.get32(ram, used + RING + 8L * slot + 4);
    }

    static void putElement(MemorySegment ram, long used, int slot, int id, int len) {
        // The ring starts at offset 4, so an element is only 4-byte aligned: two stores.
        Le.put32(ram, used + RING + 8L * slot, id);
        Le.put32(ram, used + RING + 8L * slot + 4, len);
    }

    static int availEvent(MemorySegment ram, long used, int queueSize) {
        return Le.get16Opaque(ram, used + RING + 8L * queueSize);
    }

    static void putAvailEvent(MemorySegment ram, long used, int queueSize, int index) {
        Le.put16Opaque(ram, used + RING + 8L * queueSize, index);
    }
}
