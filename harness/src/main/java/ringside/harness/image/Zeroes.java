package ringside.harness.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Looks for zeroes. */
final class Zeroes {
    private static final MemorySegment BLANK = MemorySegment.ofArray(new byte[64 << 10]);

    private Zeroes() {}

    /** Whether a part of a segment is all zeroes. */
    static boolean are(MemorySegment segment, long from, long to) {
        if (segment.get(ValueLayout.JAVA_BYTE, from) != 0) {
            return false;
        }
        for (long at = from; at < to; at += BLANK.byteSize()) {
            long end = Math.min(to, at + BLANK.byteSize());
            if (MemorySegment.mismatch(segment, at, end, BLANK, 0, end - at) != -1) {
                return false;
            }
        }
        return true;
    }
}
