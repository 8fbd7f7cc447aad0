package ringside.emulator.memory;

import java.util.List;

/** Small guest memories for tests. The caller closes them. */
public final class GuestMemories {
    /** First address of the first region. */
    public static final long BASE_GPA = 0x4000_0000L;
    /** First address of the second region of {@link #two()}: there is a hole in front of it. */
    public static final long SECOND_GPA = 0x1_0000_0000L;
    /** Length of each region. */
    public static final long REGION_BYTES = 4L << 20;

    private GuestMemories() {}

    /** One region. */
    public static GuestMemory one() {
        return one(REGION_BYTES);
    }

    /** One region of a given length. */
    public static GuestMemory one(long lengthBytes) {
        return GuestMemory.allocate(List.of(new GuestRegionSpec(BASE_GPA, lengthBytes)), false);
    }

    /** Two regions with a hole between them; in host memory they follow each other. */
    public static GuestMemory two() {
        return GuestMemory.allocate(
                List.of(new GuestRegionSpec(BASE_GPA, REGION_BYTES), new GuestRegionSpec(SECOND_GPA, REGION_BYTES)),
                false);
    }
}
