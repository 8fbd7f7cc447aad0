package ringside.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The memory of one guest: one memfd, mapped once into one contiguous host range, divided into regions of guest
 * physical addresses (GPA).
 *
 * <p>A checked translation turns a GPA range into an <em>offset into {@link #ram()}</em>; because all regions share one
 * mapping, every access behind a translation is one segment access with one base. The segment's own bounds check is the
 * second line of defence. Another process can map the same memory through {@link #fileDescriptor()} at
 * {@link #fileOffset}.
 *
 * <p>Thread-safe; translation does not allocate. After {@link #close()} every access throws.
 */
public final class GuestMemory implements AutoCloseable {
    /** Result of a translation that failed: no region contains the whole range. */
    public static final long NOT_MAPPED = -1;

    private final GuestMemoryMapping mapping;
    private final MemorySegment ram;
    private final long[] start;
    private final long[] end;
    private final long[] ramOffset;

    private GuestMemory(GuestMemoryMapping mapping, List<GuestRegionSpec> regions) {
        this.mapping = mapping;
        this.ram = mapping.segment();
        int n = regions.size();
        start = new long[n];
        end = new long[n];
        ramOffset = new long[n];
        long offset = 0;
        for (int i = 0; i < n; i++) {
            GuestRegionSpec region = regions.get(i);
            start[i] = region.gpa();
            end[i] = region.endGpa();
            ramOffset[i] = offset;
            offset += region.lengthBytes();
        }
    }

    /**
     * Allocates and prefaults guest memory.
     *
     * @param regions at least one, page-aligned, not overlapping; the most used first, because translation looks in
     *     this order
     * @param hugePages use 2 MiB pages; region lengths must then be multiples of 2 MiB
     * @throws IllegalArgumentException when the regions are not as required
     * @throws ringside.emulator.ffi.NativeException when the host refuses, with the remedy
     */
    public static GuestMemory allocate(List<GuestRegionSpec> regions, boolean hugePages) {
        long pageBytes = hugePages ? GuestMemoryMapping.HUGE_PAGE_BYTES : GuestMemoryMapping.PAGE_BYTES;
        long total = 0;
        for (int i = 0; i < regions.size(); i++) {
            GuestRegionSpec region = regions.get(i);
            if (region.gpa() % pageBytes != 0 || region.lengthBytes() % pageBytes != 0) {
                throw new IllegalArgumentException("guest memory region 0x%x + 0x%x is not aligned to %d-byte pages"
                        .formatted(region.gpa(), region.lengthBytes(), pageBytes));
            }
            for (int j = 0; j < i; j++) {
                if (region.overlaps(regions.get(j))) {
                    throw new IllegalArgumentException("guest memory regions at 0x%x and 0x%x overlap"
                            .formatted(region.gpa(), regions.get(j).gpa()));
                }
            }
            total = Math.addExact(total, region.lengthBytes());
        }
        if (total == 0) {
            throw new IllegalArgumentException("a guest needs at least one memory region");
        }
        return new GuestMemory(GuestMemoryMapping.create(total, hugePages), regions);
    }

    /**
     * Translates a guest physical range.
     *
     * @param gpa first address, as the guest wrote it (any 64-bit value)
     * @param lengthBytes length, not negative
     * @return offset into {@link #ram()}, or {@link #NOT_MAPPED} when no single region contains all of the range
     */
    public long translate(long gpa, long lengthBytes) {
        for (int i = 0; i < start.length; i++) {
            // An address of 2^63 or more is negative here and fails the first comparison; end - gpa cannot overflow
            // once gpa >= start >= 0.
            if (gpa >= start[i] && gpa <= end[i] && lengthBytes <= end[i] - gpa) {
                return ramOffset[i] + (gpa - start[i]);
            }
        }
        return NOT_MAPPED;
    }

    /** All of guest memory as one segment; offsets come from {@link #translate}. */
    public MemorySegment ram() {
        return ram;
    }

    /** Host address of offset 0 of {@link #ram()}. */
    public long hostAddress() {
        return ram.address();
    }

    /** The memfd that another process can map. Owned by this object. */
    public int fileDescriptor() {
        return mapping.fileDescriptor();
    }

    /** Where a region begins in the memfd. */
    public long fileOffset(int region) {
        return ramOffset[region];
    }

    /** Number of regions. */
    public int regionCount() {
        return start.length;
    }

    /** A region, in the order given at allocation. */
    public GuestRegionSpec region(int index) {
        return new GuestRegionSpec(start[index], end[index] - start[index]);
    }

    /** Unmaps. Waits until no thread is inside an access; later accesses throw {@link IllegalStateException}. */
    @Override
    public void close() {
        mapping.close();
    }
}
