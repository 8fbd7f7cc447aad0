package ringside.emulator.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.NativeMemory;

/** A part of a file that is mapped shared, for example a log that two processes keep together. */
public final class SharedFile implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private SharedFile(long address, long mappedBytes, long skip, long lengthBytes) {
        segment = NativeMemory.mapped(address, mappedBytes, arena, () -> LibC.munmap(address, mappedBytes))
                .asSlice(skip, lengthBytes);
    }

    /**
     * Maps a range of a file.
     *
     * @param fd may be closed afterwards
     * @throws IllegalArgumentException when the range is not in the file
     * @throws NativeException when the host refuses
     */
    public static SharedFile map(int fd, long offsetBytes, long lengthBytes) {
        long fileBytes = LibC.size(fd);
        boolean inside = offsetBytes >= 0 && lengthBytes > 0 && lengthBytes <= fileBytes - offsetBytes;
        if (!inside) {
            throw new IllegalArgumentException("a range of %d bytes at %d is not in a file of %d bytes"
                    .formatted(lengthBytes, offsetBytes, fileBytes));
        }
        long skip = offsetBytes % PAGE_BYTES;
        long mappedBytes = lengthBytes + skip;
        long address =
                LibC.mmap(mappedBytes, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, offsetBytes - skip);
        if (address < 0 && address > -4096) {
            throw new NativeException(
                    "cannot map " + lengthBytes + " bytes: " + Errno.describe((int) -address)
                            + "; raise the limits of this process",
                    (int) -address);
        }
        return new SharedFile(address, mappedBytes, skip, lengthBytes);
    }

    /** The range. */
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        arena.close();
    }
}
