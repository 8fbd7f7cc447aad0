package ringside.emulator.aio.mmap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.NativeMemory;

/** One image as memory. Its size is the file's when it was mapped. Copies only; confined to one loop. */
final class FileMapping implements AutoCloseable {
    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;

    /** @throws NativeException when the host does not map the file */
    FileMapping(int fd) {
        this.fd = fd;
        long bytes = LibC.size(fd);
        // A descriptor without the right to write gives a mapping without it.
        long address = LibC.mmap(bytes, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        if (address == -Errno.EACCES) {
            address = LibC.mmap(bytes, LibC.PROT_READ, LibC.MAP_SHARED, fd, 0);
        }
        if (address < 0 && address > -4096) {
            throw new NativeException(
                    "cannot map the image: " + Errno.describe((int) -address) + "; use aio=threads", (int) -address);
        }
        long mapped = address;
        content = NativeMemory.mapped(mapped, bytes, arena, () -> LibC.munmap(mapped, bytes));
    }

    boolean isOf(int descriptor) {
        return fd == descriptor;
    }

    /** Copies out of the image. Returns the bytes copied, fewer at its end. */
    long read(long address, long lengthBytes, long offsetBytes) {
        long bytes = inside(lengthBytes, offsetBytes);
        if (bytes > 0) {
            NativeMemory.copyOut(content, offsetBytes, address, bytes);
        }
        return bytes;
    }

    /** Copies into the image. Returns as {@link #read}. */
    long write(long address, long lengthBytes, long offsetBytes) {
        long bytes = inside(lengthBytes, offsetBytes);
        if (bytes > 0) {
            NativeMemory.copyIn(content, offsetBytes, address, bytes);
        }
        return bytes;
    }

    private long inside(long lengthBytes, long offsetBytes) {
        return Math.max(0, Math.min(lengthBytes, content.byteSize() - offsetBytes));
    }

    @Override
    public void close() {
        arena.close();
    }
}
