package ringside.emulator.vfiouser;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.ffi.LibC;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;

/**
 * The client's memory. A range without a file, or one that may only be read, is known but not mapped: a request that
 * points into it finds no memory there. Changes only while the function is paused.
 */
final class DmaTable {
    /** As many mapped ranges as we are ready to look through for each address. */
    static final int MAX_MAPPED = 64;

    /** Known ranges in all. */
    static final int MAX_RANGES = 1024;

    private final GuestMemory memory;

    /** In the order of {@link GuestMemory}'s regions where mapped. */
    private final List<GuestRegionSpec> mapped = new ArrayList<>();

    private final List<GuestRegionSpec> known = new ArrayList<>();

    DmaTable(GuestMemory memory) {
        this.memory = memory;
    }

    /** @param fd file of the range, stays the caller's; {@link VfioUserMessage#NO_FD} for none */
    void map(GuestRegionSpec range, int flags, int fd, long fileOffsetBytes) {
        if (known.stream().anyMatch(other -> range.gpa() < other.endGpa() && other.gpa() < range.endGpa())) {
            throw new Refusal(
                    Refusal.EEXIST,
                    "DMA range 0x%x + 0x%x overlaps one that is mapped".formatted(range.gpa(), range.lengthBytes()));
        }
        boolean usable = fd != VfioUserMessage.NO_FD && (flags & Vfio.VFIO_DMA_MAP_FLAG_WRITE) != 0;
        if (known.size() == MAX_RANGES || usable && mapped.size() == MAX_MAPPED) {
            throw new Refusal(Refusal.ENOSPC, "more than " + MAX_MAPPED + " DMA ranges are mapped");
        }
        if (usable) {
            memory.map(range, fd, fileOffsetBytes);
            mapped.add(range);
        }
        known.add(range);
    }

    void unmap(GuestRegionSpec range) {
        if (!known.remove(range)) {
            throw new Refusal(
                    Refusal.EINVAL, "no DMA range 0x%x + 0x%x is mapped".formatted(range.gpa(), range.lengthBytes()));
        }
        int index = mapped.indexOf(range);
        if (index >= 0) {
            mapped.remove(index);
            memory.unmap(index);
        }
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    void clear() {
        for (int i = mapped.size() - 1; i >= 0; i--) {
            memory.unmap(i);
        }
        mapped.clear();
        known.clear();
    }

    /** A descriptor that is closed after use. */
    record File(int fd) implements AutoCloseable {
        @Override
        public void close() {
            if (fd != VfioUserMessage.NO_FD) {
                LibC.close(fd);
            }
        }
    }
}
