package ringside.emulator.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.NativeMemory;

/** A prefaulted shared mapping of one memfd. */
final class GuestMemoryMapping implements GuestBacking {
    static final long PAGE_BYTES = 4096;
    static final long HUGE_PAGE_BYTES = 2L << 20;

    private final int fd;
    private final Arena arena;
    private final MemorySegment segment;

    private GuestMemoryMapping(int fd, Arena arena, MemorySegment segment) {
        this.fd = fd;
        this.arena = arena;
        this.segment = segment;
    }

    static GuestMemoryMapping create(long lengthBytes, boolean hugePages) {
        int flags = hugePages ? LibC.MFD_HUGETLB | LibC.MFD_HUGE_2MB : 0;
        int fd = check(LibC.memfdCreate("ringside-guest", flags), lengthBytes, hugePages);
        try {
            check(LibC.ftruncate(fd, lengthBytes), lengthBytes, hugePages);
            // Prefaulting here keeps page faults out of the measured phase, and makes a shortage fail now.
            long address = LibC.mmap(
                    lengthBytes, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED | LibC.MAP_POPULATE, fd, 0);
            if (address < 0 && address > -4096) {
                check((int) address, lengthBytes, hugePages);
            }
            // Shared, because vCPUs, loops and the harness all access it; closing waits for accesses to end.
            Arena arena = Arena.ofShared();
            MemorySegment segment =
                    NativeMemory.mapped(address, lengthBytes, arena, () -> LibC.munmap(address, lengthBytes));
            return new GuestMemoryMapping(fd, arena, segment);
        } catch (NativeException e) {
            LibC.close(fd);
            throw e;
        }
    }

    private static int check(int result, long lengthBytes, boolean hugePages) {
        if (result >= 0) {
            return result;
        }
        String remedy = hugePages
                ? "reserve huge pages (vm.nr_hugepages) or switch them off"
                : "give the machine less memory or raise the limits of this process";
        throw new NativeException(
                "cannot allocate %d MiB of guest memory: %s; %s"
                        .formatted(lengthBytes >> 20, Errno.describe(-result), remedy),
                -result);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public int fileDescriptor() {
        return fd;
    }

    @Override
    public void close() {
        arena.close();
        LibC.close(fd);
    }
}
