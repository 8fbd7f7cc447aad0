package ringside.emulator.block.filter;

import java.util.concurrent.atomic.AtomicLongArray;

/** Which granules of an image are known to be in it, so that they need not be copied. Any thread. */
final class AllocationMap {
    static final long GRANULE_BYTES = 65_536;
    private static final int WORD_SHIFT = 6;

    private final AtomicLongArray words;

    AllocationMap(long lengthBytes) {
        long granules = (lengthBytes + GRANULE_BYTES - 1) / GRANULE_BYTES;
        words = new AtomicLongArray(Math.toIntExact((granules >> WORD_SHIFT) + 1));
    }

    /** Whether all of a range is known to be there. What lies behind the end as it was first never is. */
    boolean covers(long offsetBytes, long lengthBytes) {
        long last = (offsetBytes + Math.max(1, lengthBytes) - 1) / GRANULE_BYTES;
        for (long granule = offsetBytes / GRANULE_BYTES; granule <= last; granule++) {
            int word = (int) (granule >> WORD_SHIFT);
            if (word >= words.length() || (words.get(word) & 1L << granule) == 0) {
                return false;
            }
        }
        return true;
    }

    /** All granules that lie in the range as a whole are there from now on. */
    void add(long offsetBytes, long lengthBytes, long diskBytes) {
        long first = (offsetBytes + GRANULE_BYTES - 1) / GRANULE_BYTES;
        long end = offsetBytes + lengthBytes;
        long last = end >= diskBytes ? (end + GRANULE_BYTES - 1) / GRANULE_BYTES : end / GRANULE_BYTES;
        for (long granule = first; granule < last && granule >> WORD_SHIFT < words.length(); granule++) {
            long bit = 1L << granule;
            words.getAndAccumulate((int) (granule >> WORD_SHIFT), bit, (word, set) -> word | set);
        }
    }

    /** The range may have gone from the image. */
    void remove(long offsetBytes, long lengthBytes) {
        long last = (offsetBytes + Math.max(1, lengthBytes) - 1) / GRANULE_BYTES;
        for (long granule = offsetBytes / GRANULE_BYTES;
                granule <= last && granule >> WORD_SHIFT < words.length();
                granule++) {
            long bit = 1L << granule;
            words.getAndAccumulate((int) (granule >> WORD_SHIFT), bit, (word, clear) -> word & ~clear);
        }
    }
}
