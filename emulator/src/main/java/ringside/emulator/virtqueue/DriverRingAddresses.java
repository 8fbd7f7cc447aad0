package ringside.emulator.virtqueue;

import ringside.emulator.memory.GuestAllocator;

/**
 * Where a driver put the parts of a ring: guest physical addresses. Each part gets cache lines of its own, so that the
 * two sides' indices do not share one.
 */
public record DriverRingAddresses(long descGpa, long availGpa, long usedGpa) {
    private static final long CACHE_LINE_PAIR = 128;

    static DriverRingAddresses allocate(GuestAllocator allocator, int size) {
        return new DriverRingAddresses(
                allocator.allocate((long) VirtqDesc.BYTES * size, CACHE_LINE_PAIR),
                allocator.allocate(VirtqAvail.bytes(size), CACHE_LINE_PAIR),
                allocator.allocate(VirtqUsed.bytes(size), CACHE_LINE_PAIR));
    }
}
