package ringside.emulator.virtqueue;

import java.util.Optional;
import ringside.emulator.memory.GuestMemory;

/**
 * What a driver programmed for a queue. Only {@link #activate} makes a queue that can touch memory.
 *
 * @param size entries, 1..32768; of a split ring a power of two
 * @param descGpa descriptor area: descriptor table or packed ring, 16-byte aligned
 * @param driverGpa driver area: available ring, 2-byte aligned, or driver event suppression, 4-byte aligned
 * @param deviceGpa device area: used ring or device event suppression, 4-byte aligned
 * @param features what was negotiated about rings
 */
public record VirtqueueConfig(int size, long descGpa, long driverGpa, long deviceGpa, RingFeatures features) {

    /** Largest size of a ring (VIRTIO-1.2 §2.7, §2.8). */
    public static final int MAX_SIZE = 32_768;

    /** Offset 0 of the first lap, both for the next descriptor to take and for the next to use. */
    private static final int PACKED_START = 1 << 15 | 1 << 31;

    /** A split ring whose buffers may be used in any order. */
    public VirtqueueConfig(int size, long descGpa, long availGpa, long usedGpa, boolean indirect, boolean eventIdx) {
        this(size, descGpa, availGpa, usedGpa, RingFeatures.split(indirect, eventIdx));
    }

    /** Bytes in which a queue of this size records what is in flight. */
    public static long inflightBytes(boolean packed, int size) {
        return packed ? PackedInflightLog.bytes(size) : InflightLog.bytes(size);
    }

    /** {@link Virtqueue#base()} of a fresh ring. */
    public static int freshBase(boolean packed) {
        return packed ? PACKED_START : 0;
    }

    /** Why the size of a ring is impossible; empty when it is possible. */
    public static Optional<String> sizeProblem(boolean packed, int size) {
        if (size < 1 || size > MAX_SIZE || !packed && Integer.bitCount(size) != 1) {
            return Optional.of("queue size " + Integer.toUnsignedString(size)
                    + (packed ? " is not in 1..32768" : " is not a power of two in 1..32768"));
        }
        return Optional.empty();
    }

    /** Why a ring of this configuration cannot go on at a base; empty when it can. */
    public Optional<String> baseProblem(int base) {
        boolean possible = features.packed()
                ? RingPosition.decode(base, size) >= 0 && RingPosition.decode(base >>> 16, size) >= 0
                : base >>> 16 == 0;
        return possible
                ? Optional.empty()
                : Optional.of("base 0x" + Integer.toHexString(base) + " is no place in a "
                        + (features.packed() ? "packed ring of " + size + " entries" : "split ring"));
    }

    /** Why the configuration cannot be activated; empty when it can. */
    public Optional<String> problem(GuestMemory memory) {
        Optional<String> sizeProblem = sizeProblem(features.packed(), size);
        if (sizeProblem.isPresent()) {
            return sizeProblem;
        }
        int driverAlign = features.packed() ? PvirtqEventSuppress.BYTES : Short.BYTES;
        if ((descGpa & 15) != 0 || driverGpa % driverAlign != 0 || (deviceGpa & 3) != 0) {
            return Optional.of("ring parts are not aligned to 16, " + driverAlign + " and 4 bytes");
        }
        if (memory.translate(descGpa, descBytes()) < 0
                || memory.translate(driverGpa, driverBytes()) < 0
                || memory.translate(deviceGpa, deviceBytes()) < 0) {
            return Optional.of("a ring part is outside guest memory");
        }
        if (overlap(descGpa, descBytes(), driverGpa, driverBytes())
                || overlap(descGpa, descBytes(), deviceGpa, deviceBytes())
                || overlap(driverGpa, driverBytes(), deviceGpa, deviceBytes())) {
            return Optional.of("ring parts overlap");
        }
        return Optional.empty();
    }

    /**
     * The device side of the queue.
     *
     * @throws IllegalArgumentException when {@link #problem} is present
     */
    public Virtqueue activate(GuestMemory memory) {
        problem(memory).ifPresent(text -> {
            throw new IllegalArgumentException(text);
        });
        return features.packed() ? new PackedVirtqueue(memory, this) : new SplitVirtqueue(memory, this);
    }

    private long descBytes() {
        return (long) VirtqDesc.BYTES * size;
    }

    private long driverBytes() {
        return features.packed() ? PvirtqEventSuppress.BYTES : VirtqAvail.bytes(size);
    }

    private long deviceBytes() {
        return features.packed() ? PvirtqEventSuppress.BYTES : VirtqUsed.bytes(size);
    }

    private static boolean overlap(long a, long aBytes, long b, long bBytes) {
        return a < b + bBytes && b < a + aBytes;
    }
}
