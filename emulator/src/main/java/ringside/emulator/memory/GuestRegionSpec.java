package ringside.emulator.memory;

/**
 * One range of guest physical addresses.
 *
 * @param gpa first guest physical address, a multiple of the page size
 * @param lengthBytes length, a positive multiple of the page size
 */
public record GuestRegionSpec(long gpa, long lengthBytes) {
    public GuestRegionSpec {
        if (gpa < 0 || lengthBytes <= 0 || gpa > Long.MAX_VALUE - lengthBytes) {
            throw new IllegalArgumentException(
                    "guest memory region 0x%x + 0x%x is empty or wraps".formatted(gpa, lengthBytes));
        }
    }

    /** First address after the region. */
    public long endGpa() {
        return gpa + lengthBytes;
    }

    boolean overlaps(GuestRegionSpec other) {
        return gpa < other.endGpa() && other.gpa < endGpa();
    }
}
