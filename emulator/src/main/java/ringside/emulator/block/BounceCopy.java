package ringside.emulator.block;

import java.lang.foreign.MemorySegment;
import ringside.emulator.ffi.NativeMemory;

/** Copies between a bounce buffer and the scatter list of a request. */
final class BounceCopy {
    private BounceCopy() {}

    static void fromSegments(BlockRequest request, MemorySegment bounce, long skip) {
        long at = skip;
        for (int i = request.segmentFirst; i < request.segmentFirst + request.segmentCount; i++) {
            int bytes = request.segmentBytes[i];
            MemorySegment.copy(NativeMemory.view(request.segmentAddress[i], bytes), 0, bounce, at, bytes);
            at += bytes;
        }
    }

    /** Only the bytes of the request reach the guest, never what else the buffer holds. */
    static void toSegments(MemorySegment bounce, long skip, BlockRequest request) {
        long at = skip;
        for (int i = request.segmentFirst; i < request.segmentFirst + request.segmentCount; i++) {
            int bytes = request.segmentBytes[i];
            MemorySegment.copy(bounce, at, NativeMemory.view(request.segmentAddress[i], bytes), 0, bytes);
            at += bytes;
        }
    }
}
