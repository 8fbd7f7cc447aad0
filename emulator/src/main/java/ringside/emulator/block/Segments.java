package ringside.emulator.block;

import ringside.emulator.ffi.NativeMemory;

/** Helpers on the scatter list of a request. */
final class Segments {
    private Segments() {}

    /** Fills the buffers of a READ with zeroes. */
    static void zeroIfRead(BlockRequest request) {
        if (request.op != BlockOp.READ) {
            return;
        }
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            NativeMemory.view(request.segmentAddress[i], request.segmentBytes[i])
                    .fill((byte) 0);
        }
    }

    /** Fills the buffers of a READ with zeroes behind its first bytes. */
    static void zeroFrom(BlockRequest request, long keepBytes) {
        long skip = keepBytes;
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            long bytes = request.segmentBytes[i];
            if (skip < bytes) {
                NativeMemory.view(request.segmentAddress[i] + skip, bytes - skip)
                        .fill((byte) 0);
            }
            skip = Math.max(0, skip - bytes);
        }
    }
}
