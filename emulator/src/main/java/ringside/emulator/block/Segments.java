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
}
