package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.Le;

/**
 * {@code struct virtq_avail} (VIRTIO-1.2 §2.7.6), written by the driver.
 *
 * <pre>
 *   0       2      4                4 + 2n       6 + 2n
 *   | flags | idx  | ring[n] le16   | used_event |
 * </pre>
 */
public final class VirtqAvail {
    /** The driver asks for no used-buffer notifications; only without EVENT_IDX. */
    public static final int VIRTQ_AVAIL_F_NO_INTERRUPT = 1;

    private static final int IDX = 2;
    private static final int RING = 4;

    private VirtqAvail() {}

    /** Size of the structure. */
    public static long bytes(int queueSize) {
        return RING + 2L * queueSize + 2;
    }

    static int flags(MemorySegment ram, long avail) {
        return Le.get16Opaque(ram, avail);
    }

    static void putFlags(MemorySegment ram, long avail, int flags) {
        Le.put16Opaque(ram, avail, flags);
    }

    /** Acquire: the ring entries and descriptors published before this index are visible. */
    public static int idxAcquire(MemorySegment ram, long avail) {
        return Le.get16Acquire(ram, avail + IDX);
    }

    /** Release: entries and descriptors written before are visible to whoever acquires this index. */
    static void putIdxRelease(MemorySegment ram, long avail, int idx) {
        Le.put16Release(ram, avail + IDX, idx);
    }

    static int ring(MemorySegment ram, long avail, int slot) {
        return Le.get16(ram, avail + RING + 2L * slot);
    }

    static void putRing(MemorySegment ram, long avail, int slot, int head) {
        Le.put16(ram, avail + RING + 2L * slot, head);
    }

    static int usedEvent(MemorySegment ram, long avail, int queueSize) {
        return Le.get16Opaque(ram, avail + RING + 2L * queueSize);
    }

    static void putUsedEvent(MemorySegment ram, long avail, int queueSize, int index) {
        Le.put16Opaque(ram, avail + RING + 2L * queueSize, index);
    }
}
