package ringside.emulator.block;

import java.lang.foreign.MemorySegment;
import ringside.emulator.ffi.NativeMemory;

/** Copies between a bounce buffer and a part of the scatter list of a request. */
final class BounceCopy {
    private BounceCopy() {}

    /** Copies bytes from .. from + length - 1 of the request's data into the buffer. */
    static void fromSegments(BlockRequest request, long from, long length, MemorySegment bounce, long at) {
        copy(request, from, length, bounce, at, true);
    }

    /** The other way. Only the bytes of the request reach the guest, never what else the buffer holds. */
    static void toSegments(MemorySegment bounce, long at, BlockRequest request, long from, long length) {
        copy(request, from, length, bounce, at, false);
    }

    private static void copy(
            BlockRequest request, long from, long length, MemorySegment bounce, long at, boolean gather) {
        long segmentStart = 0;
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end && segmentStart < from + length; i++) {
            long segmentEnd = segmentStart + request.segmentBytes[i];
            long first = Math.max(from, segmentStart);
            long bytes = Math.min(from + length, segmentEnd) - first;
            if (bytes > 0) {
                long address = request.segmentAddress[i] + (first - segmentStart);
                if (gather) {
                    NativeMemory.copyIn(bounce, at + (first - from), address, bytes);
                } else {
                    NativeMemory.copyOut(bounce, at + (first - from), address, bytes);
                }
            }
            segmentStart = segmentEnd;
        }
    }
}
