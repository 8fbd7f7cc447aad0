package ringside.emulator.virtqueue;

import ringside.emulator.memory.GuestAllocator;

/**
 * Where a driver put the parts of a ring: guest physical addresses. Each part gets cache lines of its own, so that what the
 * two sides write does not share one.
 *
 * @param descGpa descriptor table, or packed ring
 * @param availGpa available ring, or driver event suppression
 * @param usedGpa used ring, or device event suppression
 * @param packed the format
 */
public record DriverRingAddresses(long descGpa, long availGpa, long usedGpa, boolean packed) {
    private static final long CACHE_LINE_PAIR = 128;

    static DriverRingAddresses allocate(GuestAllocator allocator, int size, boolean packed) {
        return new DriverRingAddresses(
                allocator.allocate((long) VirtqDesc.BYTES * size, CACHE_LINE_PAIR),
                allocator.allocate(packed ? PvirtqEventSuppress.BYTES : VirtqAvail.bytes(size), CACHE_LINE_PAIR),
                allocator.allocate(packed ? PvirtqEventSuppress.BYTES : VirtqUsed.bytes(size), CACHE_LINE_PAIR),
                packed);
    }

    /** The configuration that a transport makes of these addresses. */
    public VirtqueueConfig config(int size, RingFeatures features) {
        return new VirtqueueConfig(size, descGpa, availGpa, usedGpa, features);
    }
}
