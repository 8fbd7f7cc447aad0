package ringside.emulator.virtqueue;

import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;

/**
 * Driver side of a virtqueue, whatever the format of its ring. One thread. No method allocates after construction.
 *
 * <p>Chains are direct, or, when a table per head was asked for, indirect: one ring descriptor that refers to a table which
 * belongs to the head. A <i>head</i> names a request from {@link #add} to {@link #pollUsed}: the index of the first
 * descriptor in a split ring, the buffer id in a packed one.
 */
public sealed interface DriverVirtqueue permits SplitDriverVirtqueue, PackedDriverVirtqueue {
    /** No used buffer, or no room. */
    int NONE = -1;

    /**
     * Lays a queue out in guest memory.
     *
     * @param size entries; of a split ring a power of two
     * @param features what was negotiated; indirect chains are used where {@code indirectEntries} is not 0
     * @param indirectEntries entries of the indirect table of each head; 0 for direct chains
     * @throws IllegalArgumentException when the size is impossible
     */
    static DriverVirtqueue create(
            GuestMemory memory, GuestAllocator allocator, int size, RingFeatures features, int indirectEntries) {
        VirtqueueConfig.sizeProblem(features.packed(), size).ifPresent(text -> {
            throw new IllegalArgumentException(text);
        });
        return features.packed()
                ? new PackedDriverVirtqueue(memory, allocator, size, features, indirectEntries)
                : new SplitDriverVirtqueue(memory, allocator, size, features, indirectEntries);
    }

    /** Where the parts are, for the transport. */
    DriverRingAddresses addresses();

    /** Number of entries. */
    int size();

    /** The head that the next {@link #add} will use, or {@link #NONE} when no descriptor is free. */
    int nextHead();

    /** Whether a chain of this many segments fits now. */
    boolean fits(int segments);

    /**
     * Makes a chain available; the device sees it after {@link #publish()}.
     *
     * @param gpa guest physical addresses, readable segments first
     * @param bytes lengths
     * @param readable number of device-readable segments
     * @param total number of segments, at least 1
     * @return the head, or {@link #NONE} when there is no room
     */
    int add(long[] gpa, int[] bytes, int readable, int total);

    /** Makes everything added visible to the device. Returns whether there was anything. */
    boolean publish();

    /** Where the next entry will be written, as a kick with VIRTIO_F_NOTIFICATION_DATA says it (§2.9): 16 bits. */
    int position();

    /** Whether the device wants a kick for what was published since the last call. */
    boolean needsKick();

    /**
     * Takes the next used buffer and frees its descriptors.
     *
     * @return the head, or {@link #NONE}
     * @throws IllegalStateException when the device returned a head that is not in flight
     */
    int pollUsed();

    /** Whether there is a used buffer to take. */
    boolean hasUsed();

    /** Length that the device wrote for the buffer last taken; of one that an in-order device skipped, all of it. */
    int usedLength();

    /** Asks the device not to notify. A hint. */
    void disableInterrupts();

    /** Asks for a notification at the next used buffer. Returns true when one is there already. */
    boolean enableInterrupts();
}
