package ringside.emulator.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/**
 * What O_DIRECT demands on one file.
 *
 * @param memoryBytes alignment of buffer addresses
 * @param offsetBytes alignment of offsets and lengths
 */
record DirectIoAlignment(int memoryBytes, int offsetBytes) {
    static final DirectIoAlignment NONE = new DirectIoAlignment(1, 1);

    private static final int STATX_DIOALIGN = 0x2000;
    private static final int STATX_BYTES = 256;
    private static final int STX_DIO_MEM_ALIGN = 0x98;
    private static final int STX_DIO_OFFSET_ALIGN = 0x9c;
    private static final int SECTOR_BYTES = 512;
    private static final int PAGE_BYTES = 4096;

    /** Asks the kernel (statx, Linux 6.1), or tries reads of growing size. */
    static DirectIoAlignment of(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(STATX_BYTES, 8);
            int result = LibC.statx(fd, STATX_DIOALIGN, statx.address());
            boolean known = result >= 0 && (statx.get(ValueLayout.JAVA_INT, 0) & STATX_DIOALIGN) != 0;
            int memory = statx.get(ValueLayout.JAVA_INT, STX_DIO_MEM_ALIGN);
            int offset = statx.get(ValueLayout.JAVA_INT, STX_DIO_OFFSET_ALIGN);
            return known && offset > 0 ? new DirectIoAlignment(memory, offset) : probe(fd, arena);
        }
    }

    private static DirectIoAlignment probe(int fd, Arena arena) {
        long buffer = arena.allocate(PAGE_BYTES, PAGE_BYTES).address();
        for (int bytes = SECTOR_BYTES; bytes < PAGE_BYTES; bytes *= 2) {
            if (LibC.pread(fd, buffer, bytes, 0) != -Errno.EINVAL) {
                return new DirectIoAlignment(bytes, bytes);
            }
        }
        return new DirectIoAlignment(PAGE_BYTES, PAGE_BYTES);
    }

    /** The stricter of this and the given alignment. */
    DirectIoAlignment atLeast(int bytes) {
        return new DirectIoAlignment(Math.max(memoryBytes, bytes), Math.max(offsetBytes, bytes));
    }

    /** Whether a range consists of whole blocks. */
    boolean wholeBlocks(long offset, long length) {
        return offset % offsetBytes == 0 && length % offsetBytes == 0;
    }

    /** Start of the block that holds the byte. */
    long blockStart(long offset) {
        return offset - offset % offsetBytes;
    }

    /** End of the last block of a range that ends (exclusively) here. */
    long blockEnd(long end) {
        return blockStart(end + offsetBytes - 1);
    }

    boolean fits(BlockRequest request) {
        if (offsetBytes == 1) {
            return true;
        }
        if (!wholeBlocks(request.offsetBytes, request.lengthBytes)) {
            return false;
        }
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            if (request.segmentAddress[i] % memoryBytes != 0 || request.segmentBytes[i] % offsetBytes != 0) {
                return false;
            }
        }
        return true;
    }
}
