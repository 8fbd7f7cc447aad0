package ringside.emulator.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.NativeMemory;

/**
 * A reserved range of addresses into which files of another process are mapped. What is not mapped is inaccessible, and
 * the range never moves, so that one segment serves all regions for the life of a connection.
 */
final class GuestWindow implements GuestBacking {
    /** Regions begin at multiples of this, so that files of 2 MiB pages can be mapped. */
    private static final long PLACE_BYTES = GuestMemoryMapping.HUGE_PAGE_BYTES;

    private final Arena arena;
    private final MemorySegment segment;

    /** Mapped stretches by where they begin in the window; those of 1 GiB pages are aligned within by the caller. */
    private final Map<Long, Stretch> stretches = new TreeMap<>();

    /** A mapped stretch: begin and length in the window, and where the region begins in it. */
    private record Stretch(long begin, long bytes, long regionOffset) {}

    private GuestWindow(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    static GuestWindow reserve(long capacityBytes) {
        long address = LibC.mmap(
                capacityBytes, LibC.PROT_NONE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE, -1, 0);
        check(address, "cannot reserve " + (capacityBytes >> 30) + " GiB of address space", "raise ulimit -v");
        Arena arena = Arena.ofShared();
        return new GuestWindow(
                arena, NativeMemory.mapped(address, capacityBytes, arena, () -> LibC.munmap(address, capacityBytes)));
    }

    /** Maps a region; returns its offset in the window. */
    synchronized long map(GuestRegionSpec region, int fd, long fileOffsetBytes) {
        long pageBytes = pageBytes(fd);
        long mapFrom = fileOffsetBytes / pageBytes * pageBytes;
        long inside = fileOffsetBytes - mapFrom;
        long end = Math.addExact(fileOffsetBytes, region.lengthBytes());
        long fileBytes = LibC.size(fd);
        if (fileOffsetBytes < 0 || (fileBytes >= 0 && end > fileBytes)) {
            throw new IllegalArgumentException(
                    "guest memory region at 0x%x ends behind its file of %d bytes".formatted(region.gpa(), fileBytes));
        }
        long bytes = (end - mapFrom + pageBytes - 1) / pageBytes * pageBytes;
        long begin = room(bytes, Math.max(pageBytes, PLACE_BYTES));
        long address = LibC.mmapAt(
                segment.address() + begin, bytes, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, mapFrom);
        check(
                address,
                "cannot map a guest memory region of " + region.lengthBytes() + " bytes",
                "the front-end must share its memory (QEMU: memory-backend-memfd,share=on)");
        stretches.put(begin, new Stretch(begin, bytes, begin + inside));
        return begin + inside;
    }

    /** Files of huge pages say their page size as their block size. */
    private static long pageBytes(int fd) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment statx = scratch.allocate(256, 8);
            int result = LibC.statx(fd, 0, statx.address());
            long blockBytes = result < 0 ? 0 : statx.get(java.lang.foreign.ValueLayout.JAVA_INT, 4);
            boolean huge = blockBytes >= GuestMemoryMapping.HUGE_PAGE_BYTES && Long.bitCount(blockBytes) == 1;
            return huge ? blockBytes : GuestMemoryMapping.PAGE_BYTES;
        }
    }

    /** The first gap that is large enough; the window's own address need not be aligned like its offsets. */
    private long room(long bytes, long align) {
        long base = segment.address();
        long candidate = alignUp(base, align) - base;
        for (Stretch stretch : stretches.values()) {
            if (candidate + bytes <= stretch.begin()) {
                break;
            }
            candidate = alignUp(base + stretch.begin() + stretch.bytes(), align) - base;
        }
        if (bytes > segment.byteSize() - candidate) {
            throw new IllegalArgumentException(
                    "no room for " + bytes + " bytes of guest memory in a window of " + segment.byteSize() + " bytes");
        }
        return candidate;
    }

    private static long alignUp(long value, long align) {
        return (value + align - 1) / align * align;
    }

    /** Makes the region's stretch inaccessible again. */
    synchronized void unmap(long regionOffset) {
        Stretch stretch = stretches.values().stream()
                .filter(candidate -> candidate.regionOffset() == regionOffset)
                .findFirst()
                .orElseThrow();
        replace(stretch, LibC.PROT_NONE);
        stretches.remove(stretch.begin());
    }

    synchronized void detachFiles() {
        stretches.values().forEach(stretch -> replace(stretch, LibC.PROT_READ | LibC.PROT_WRITE));
    }

    private void replace(Stretch stretch, int protection) {
        long address = LibC.mmapAt(
                segment.address() + stretch.begin(),
                stretch.bytes(),
                protection,
                LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE,
                -1,
                0);
        check(address, "cannot give up a guest memory region", "raise the limits of this process");
    }

    private static void check(long result, String what, String remedy) {
        if (result < 0 && result > -4096) {
            throw new NativeException(what + ": " + Errno.describe((int) -result) + "; " + remedy, (int) -result);
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public int fileDescriptor() {
        throw new IllegalStateException("a window has no file of its own");
    }

    @Override
    public void close() {
        arena.close();
    }
}
