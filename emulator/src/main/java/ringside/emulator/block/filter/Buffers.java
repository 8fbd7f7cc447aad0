package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.NativeMemory;

/** A buffer of a request slot that grows to the largest request, and comparisons of it with a request's own buffers. */
final class Buffers {
    private static final int ALIGN_BYTES = 4096;

    private final Arena arena;
    private final long[] address = new long[1];
    private final int[] bytes = new int[1];
    private MemorySegment memory = MemorySegment.NULL;

    /** @param arena lives as long as the back end */
    Buffers(Arena arena) {
        this.arena = arena;
    }

    /** Has a request transfer through this buffer in place of its own. */
    void attachTo(BlockRequest request) {
        if (memory.byteSize() < request.lengthBytes) {
            memory = arena.allocate(Long.highestOneBit(request.lengthBytes * 2 - 1), ALIGN_BYTES);
        }
        address[0] = memory.address();
        bytes[0] = (int) request.lengthBytes;
        request.segmentAddress = address;
        request.segmentBytes = bytes;
        request.segmentFirst = 0;
        request.segmentCount = 1;
    }

    /** The first bytes of the buffer. */
    MemorySegment first(long lengthBytes) {
        return memory.asSlice(0, lengthBytes);
    }

    /** Where this buffer and those of a request differ, in bytes from their begin; -1: nowhere. */
    long mismatch(BlockRequest request) {
        long at = 0;
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            int length = request.segmentBytes[i];
            long differs = memory.asSlice(at, length).mismatch(NativeMemory.view(request.segmentAddress[i], length));
            if (differs >= 0) {
                return at + differs;
            }
            at += length;
        }
        return -1;
    }

    /** Copies this buffer into those of a request. */
    void copyTo(BlockRequest request) {
        long at = 0;
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            NativeMemory.copyOut(memory, at, request.segmentAddress[i], request.segmentBytes[i]);
            at += request.segmentBytes[i];
        }
    }
}
