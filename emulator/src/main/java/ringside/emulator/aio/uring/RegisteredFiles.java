package ringside.emulator.aio.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import ringside.emulator.ffi.LibC;

/**
 * Files that a ring knows by index, so that the kernel need not look each one up (IORING_REGISTER_FILES). Where the kernel
 * refuses, or when the table is full, a file simply goes by its descriptor. In the context of the loop.
 */
final class RegisteredFiles {
    static final int NONE = -1;

    private static final int SLOTS = 16;
    private static final int FREE = -1;

    private final int ringFd;
    private final int[] fds = new int[SLOTS];
    private final boolean usable;

    RegisteredFiles(int ringFd) {
        this.ringFd = ringFd;
        Arrays.fill(fds, FREE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocateFrom(ValueLayout.JAVA_INT, fds);
            usable = LibC.ioUringRegister(ringFd, UringConstants.IORING_REGISTER_FILES, table.address(), SLOTS) == 0;
        }
    }

    void add(int fd) {
        int slot = indexOf(FREE);
        if (usable && slot != NONE && update(slot, fd)) {
            fds[slot] = fd;
        }
    }

    /** The ring's reference keeps the file open and its lock held, so it must go before the file can be closed. */
    void remove(int fd) {
        int slot = indexOf(fd);
        if (slot != NONE) {
            update(slot, FREE);
            fds[slot] = FREE;
        }
    }

    /** Index of a descriptor, {@link #NONE} when it is not registered. */
    int indexOf(int fd) {
        for (int i = 0; i < SLOTS; i++) {
            if (fds[i] == fd) {
                return i;
            }
        }
        return NONE;
    }

    /** struct io_uring_files_update {offset u32, resv u32, fds u64}. */
    private boolean update(int slot, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, fd);
            MemorySegment update = arena.allocate(16, 8);
            update.set(ValueLayout.JAVA_INT, 0, slot);
            update.set(ValueLayout.JAVA_LONG, 8, value.address());
            return LibC.ioUringRegister(ringFd, UringConstants.IORING_REGISTER_FILES_UPDATE, update.address(), 1) == 1;
        }
    }
}
