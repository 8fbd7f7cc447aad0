package ringside.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The memory of one guest, divided into regions of guest physical addresses (GPA). Either our own, one memfd that was
 * allocated here ({@link #allocate}), or a window into which regions of another process are mapped ({@link #window}).
 *
 * <p>A checked translation turns a GPA range into an <em>offset into {@link #ram()}</em>; because all regions lie in one
 * contiguous host range, every access behind a translation is one segment access with one base. The segment's own bounds
 * check is the second line of defence. Another process can map memory of our own through {@link #fileDescriptor()} at
 * {@link #fileOffset}.
 *
 * <p>Translation does not allocate and may come from any thread; the regions of a window change only while nobody
 * translates (its queues are stopped). After {@link #close()} every access throws.
 */
public final class GuestMemory implements AutoCloseable {
    /** Result of a translation that failed: no region contains the whole range. */
    public static final long NOT_MAPPED = -1;

    private static final long[] NONE = {};

    private final GuestBacking backing;
    private final MemorySegment ram;
    private long[] start = NONE;
    private long[] end = NONE;
    private long[] ramOffset = NONE;
    /** The longest region again, out of the arrays: nearly every translation ends in it. Empty at first. */
    private long mainStart = 1;

    private long mainEnd;
    private long mainOffset;

    private GuestMemory(GuestBacking backing) {
        this.backing = backing;
        this.ram = backing.segment();
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
                checkDisjoint(region, regions.get(j));
            }
            total = Math.addExact(total, region.lengthBytes());
        }
        if (total == 0) {
            throw new IllegalArgumentException("a guest needs at least one memory region");
        }
        GuestMemory memory = new GuestMemory(GuestMemoryMapping.create(total, hugePages));
        long offset = 0;
        for (GuestRegionSpec region : regions) {
            memory.add(region, offset);
            offset += region.lengthBytes();
        }
        return memory;
    }

    /**
     * An empty window for regions of another process.
     *
     * @param capacityBytes address space to reserve; costs no memory
     * @throws ringside.emulator.ffi.NativeException when the host refuses, with the remedy
     */
    public static GuestMemory window(long capacityBytes) {
        return new GuestMemory(GuestWindow.reserve(capacityBytes));
    }

    /**
     * Maps a region of another process into a window. Only while nobody translates.
     *
     * @param fd file that backs the region; may be closed afterwards
     * @param fileOffsetBytes where the region begins in the file
     * @throws IllegalArgumentException when it overlaps another region, exceeds the file, or finds no room
     * @throws ringside.emulator.ffi.NativeException when the host refuses
     */
    public void map(GuestRegionSpec region, int fd, long fileOffsetBytes) {
        for (int i = 0; i < start.length; i++) {
            checkDisjoint(region, region(i));
        }
        add(region, window().map(region, fd, fileOffsetBytes));
    }

    /** Removes the region at an index from a window. Only while nobody translates. */
    public void unmap(int index) {
        window().unmap(ramOffset[index]);
        start = without(start, index);
        end = without(end, index);
        ramOffset = without(ramOffset, index);
        chooseMain();
    }

    /**
     * Replaces all regions of a window by private zeroes. What follows an access that failed because the file behind a
     * region was cut short: no later access can fail again. Any thread.
     */
    public void detachFiles() {
        window().detachFiles();
    }

    private GuestWindow window() {
        if (backing instanceof GuestWindow window) {
            return window;
        }
        throw new IllegalStateException("the regions of allocated guest memory are fixed");
    }

    private void add(GuestRegionSpec region, long offset) {
        start = with(start, region.gpa());
        end = with(end, region.endGpa());
        ramOffset = with(ramOffset, offset);
        chooseMain();
    }

    private void chooseMain() {
        mainStart = 1;
        mainEnd = 0;
        for (int i = 0; i < start.length; i++) {
            if (mainEnd < mainStart || end[i] - start[i] > mainEnd - mainStart) {
                mainStart = start[i];
                mainEnd = end[i];
                mainOffset = ramOffset[i];
            }
        }
    }

    private static void checkDisjoint(GuestRegionSpec region, GuestRegionSpec other) {
        if (region.overlaps(other)) {
            throw new IllegalArgumentException(
                    "guest memory regions at 0x%x and 0x%x overlap".formatted(region.gpa(), other.gpa()));
        }
    }

    private static long[] with(long[] values, long added) {
        long[] more = Arrays.copyOf(values, values.length + 1);
        more[values.length] = added;
        return more;
    }

    private static long[] without(long[] values, int index) {
        long[] fewer = Arrays.copyOf(values, values.length - 1);
        System.arraycopy(values, index + 1, fewer, index, fewer.length - index);
        return fewer;
    }

    /**
     * Translates a guest physical range.
     *
     * @param gpa first address, as the guest wrote it (any 64-bit value)
     * @param lengthBytes length, not negative
     * @return offset into {@link #ram()}, or {@link #NOT_MAPPED} when no single region contains all of the range
     */
    public long translate(long gpa, long lengthBytes) {
        if (gpa >= mainStart && gpa <= mainEnd && lengthBytes <= mainEnd - gpa) {
            return mainOffset + (gpa - mainStart);
        }
        return search(gpa, lengthBytes);
    }

    private long search(long gpa, long lengthBytes) {
        for (int i = 0; i < start.length; i++) {
            // An address of 2^63 or more is negative here and fails the first comparison; end - gpa cannot overflow
            // once gpa >= start >= 0.
            if (gpa >= start[i] && gpa <= end[i] && lengthBytes <= end[i] - gpa) {
                return ramOffset[i] + (gpa - start[i]);
            }
        }
        return NOT_MAPPED;
    }

    /** The guest physical address of an offset into {@link #ram()}, or {@link #NOT_MAPPED}. */
    public long gpaOf(long offset) {
        for (int i = 0; i < start.length; i++) {
            if (offset >= ramOffset[i] && offset - ramOffset[i] < end[i] - start[i]) {
                return start[i] + (offset - ramOffset[i]);
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

    /**
     * The memfd that another process can map. Owned by this object.
     *
     * @throws IllegalStateException for a window, which has no file of its own
     */
    public int fileDescriptor() {
        return backing.fileDescriptor();
    }

    /** Where a region begins in the memfd. */
    public long fileOffset(int region) {
        return ramOffset[region];
    }

    /** Number of regions. */
    public int regionCount() {
        return start.length;
    }

    /** A region, in the order in which they came. */
    public GuestRegionSpec region(int index) {
        return new GuestRegionSpec(start[index], end[index] - start[index]);
    }

    /** Unmaps. Waits until no thread is inside an access; later accesses throw {@link IllegalStateException}. */
    @Override
    public void close() {
        backing.close();
    }
}
