package ringside.emulator.block.qcow2;

import java.util.Arrays;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.NativeMemory;

/** Makes the scatter list of a part of a request. */
final class SegmentSlicer {
    private SegmentSlicer() {}

    /** Gives a request the part of another's buffers that begins at a byte and goes so far. */
    static void slice(BlockRequest whole, long from, long length, BlockRequest part) {
        if (from == 0 && length == whole.lengthBytes) {
            part.segmentAddress = whole.segmentAddress;
            part.segmentBytes = whole.segmentBytes;
            part.segmentFirst = whole.segmentFirst;
            part.segmentCount = whole.segmentCount;
            return;
        }
        if (part.segmentAddress == whole.segmentAddress) {
            part.segmentAddress = null; // the other's own
        }
        part.segmentFirst = 0;
        part.segmentCount = 0;
        long skip = from;
        long left = length;
        int end = whole.segmentFirst + whole.segmentCount;
        for (int i = whole.segmentFirst; i < end && left > 0; i++) {
            long bytes = whole.segmentBytes[i];
            if (skip >= bytes) {
                skip -= bytes;
                continue;
            }
            long here = Math.min(left, bytes - skip);
            append(part, whole.segmentAddress[i] + skip, (int) here);
            left -= here;
            skip = 0;
        }
    }

    private static void append(BlockRequest part, long address, int bytes) {
        int at = part.segmentCount++;
        if (part.segmentAddress == null) {
            part.segmentAddress = new long[8];
            part.segmentBytes = new int[8];
        } else if (at == part.segmentAddress.length) {
            part.segmentAddress = Arrays.copyOf(part.segmentAddress, 2 * at);
            part.segmentBytes = Arrays.copyOf(part.segmentBytes, 2 * at);
        }
        part.segmentAddress[at] = address;
        part.segmentBytes[at] = bytes;
    }

    /** Fills a part of a request's buffers with zeroes. */
    static void zero(BlockRequest whole, long from, long length) {
        long skip = from;
        long left = length;
        int end = whole.segmentFirst + whole.segmentCount;
        for (int i = whole.segmentFirst; i < end && left > 0; i++) {
            long bytes = whole.segmentBytes[i];
            if (skip >= bytes) {
                skip -= bytes;
                continue;
            }
            long here = Math.min(left, bytes - skip);
            NativeMemory.fill(whole.segmentAddress[i] + skip, here, (byte) 0);
            left -= here;
            skip = 0;
        }
    }
}
