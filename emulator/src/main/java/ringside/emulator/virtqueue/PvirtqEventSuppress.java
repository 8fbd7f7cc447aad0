package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.Le;

/**
 * {@code struct pvirtq_event_suppress} (VIRTIO-1.2 §2.8.10, §2.8.14), 4 bytes, read and written in one access. Two of
 * them: the driver's, which the device reads, and the device's, which the driver reads.
 *
 * <pre>
 *   0                     15                16                18          32
 *   | desc_event_off : 15 | desc_event_wrap | flags : 2       | reserved  |
 * </pre>
 */
final class PvirtqEventSuppress {
    /** Size and alignment. */
    static final int BYTES = 4;

    /** Notify of everything. */
    static final int RING_EVENT_FLAGS_ENABLE = 0;

    /** Notify of nothing. */
    static final int RING_EVENT_FLAGS_DISABLE = 1;

    /** Notify when a certain descriptor changes hands; only with VIRTIO_F_EVENT_IDX. */
    static final int RING_EVENT_FLAGS_DESC = 2;

    private static final int FLAGS_SHIFT = 16;
    private static final int FLAGS_MASK = 3;

    private PvirtqEventSuppress() {}

    static int read(MemorySegment ram, long at) {
        return Le.get32Opaque(ram, at);
    }

    /** No notifications, or all. */
    static void putFlags(MemorySegment ram, long at, int flags) {
        Le.put32Opaque(ram, at, flags << FLAGS_SHIFT);
    }

    /** A notification when the descriptor at a position changes hands. */
    static void putPosition(MemorySegment ram, long at, int position, int size) {
        Le.put32Opaque(ram, at, RING_EVENT_FLAGS_DESC << FLAGS_SHIFT | RingPosition.encode(position, size));
    }

    /**
     * Whether the other side wants to hear of a hand-over.
     *
     * @param event what {@link #read} returned
     * @param eventIdx VIRTIO_F_EVENT_IDX was negotiated; otherwise DESC is as meaningless as 3, and a notification too
     *     many does no harm
     * @param newPosition behind the last descriptor handed over
     * @param descriptors how many were handed over, those of a list that were skipped among them
     */
    static boolean wanted(int event, boolean eventIdx, int newPosition, int descriptors, int size) {
        int flags = event >>> FLAGS_SHIFT & FLAGS_MASK;
        if (flags == RING_EVENT_FLAGS_DISABLE) {
            return false;
        }
        if (flags != RING_EVENT_FLAGS_DESC || !eventIdx) {
            return true;
        }
        int at = RingPosition.decode(event, size);
        return at >= 0 && RingPosition.passed(at, newPosition, descriptors, size);
    }

    /** Whether the other side waits for the very next descriptor. */
    static boolean awaits(int event, int position, int size) {
        return (event >>> FLAGS_SHIFT & FLAGS_MASK) == RING_EVENT_FLAGS_DESC
                && (event & 0xffff) == RingPosition.encode(position, size);
    }
}
