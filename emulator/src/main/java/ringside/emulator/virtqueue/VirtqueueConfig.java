package ringside.emulator.virtqueue;

import java.util.Optional;
import ringside.emulator.memory.GuestMemory;

/**
 * What a driver programmed for a queue. Only {@link #activate} makes a queue that can touch memory.
 *
 * @param size entries, a power of two in 1..32768
 * @param descGpa descriptor table, 16-byte aligned
 * @param availGpa available ring, 2-byte aligned
 * @param usedGpa used ring, 4-byte aligned
 * @param indirect VIRTIO_F_INDIRECT_DESC was negotiated
 * @param eventIdx VIRTIO_F_EVENT_IDX was negotiated
 */
public record VirtqueueConfig(int size, long descGpa, long availGpa, long usedGpa, boolean indirect, boolean eventIdx) {

    /** Largest size of a split ring (VIRTIO-1.2 §2.7). */
    public static final int MAX_SIZE = 32_768;

    /** Why the configuration cannot be activated; empty when it can. */
    public Optional<String> problem(GuestMemory memory) {
        if (size < 1 || size > MAX_SIZE || Integer.bitCount(size) != 1) {
            return Optional.of("queue size " + size + " is not a power of two in 1..32768");
        }
        if ((descGpa & 15) != 0 || (availGpa & 1) != 0 || (usedGpa & 3) != 0) {
            return Optional.of("ring parts are not aligned to 16, 2 and 4 bytes");
        }
        if (memory.translate(descGpa, descBytes()) < 0
                || memory.translate(availGpa, VirtqAvail.bytes(size)) < 0
                || memory.translate(usedGpa, VirtqUsed.bytes(size)) < 0) {
            return Optional.of("a ring part is outside guest memory");
        }
        if (overlap(descGpa, descBytes(), availGpa, VirtqAvail.bytes(size))
                || overlap(descGpa, descBytes(), usedGpa, VirtqUsed.bytes(size))
                || overlap(availGpa, VirtqAvail.bytes(size), usedGpa, VirtqUsed.bytes(size))) {
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
        return new SplitVirtqueue(memory, this);
    }

    private long descBytes() {
        return (long) VirtqDesc.BYTES * size;
    }

    private static boolean overlap(long a, long aBytes, long b, long bBytes) {
        return a < b + bBytes && b < a + aBytes;
    }
}
