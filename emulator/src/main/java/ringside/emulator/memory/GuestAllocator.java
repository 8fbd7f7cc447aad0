package ringside.emulator.memory;

/**
 * Hands out guest physical ranges of one region, upwards, for the guest's rings, headers and buffers. Nothing is given
 * back: a guest lives as long as its load. Not thread-safe.
 */
public final class GuestAllocator {
    private final GuestMemory memory;
    private int region;
    private long nextGpa;

    public GuestAllocator(GuestMemory memory) {
        this.memory = memory;
        this.nextGpa = memory.region(0).gpa();
    }

    /**
     * A fresh range, all zero.
     *
     * @param alignBytes a power of two
     * @throws IllegalStateException when no region has room, naming the remedy
     */
    public long allocate(long lengthBytes, long alignBytes) {
        while (region < memory.regionCount()) {
            GuestRegionSpec spec = memory.region(region);
            long gpa = (Math.max(nextGpa, spec.gpa()) + alignBytes - 1) & -alignBytes;
            if (lengthBytes <= spec.endGpa() - gpa) {
                nextGpa = gpa + lengthBytes;
                return gpa;
            }
            region++;
        }
        throw new IllegalStateException(
                "guest memory has no room for another %d bytes: raise the machine's memory".formatted(lengthBytes));
    }
}
