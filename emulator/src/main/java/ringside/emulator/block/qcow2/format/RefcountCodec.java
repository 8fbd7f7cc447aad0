package ringside.emulator.block.qcow2.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads and writes refcounts of any width in a refcount block. Several share a byte, the first in its lowest bits. */
public final class RefcountCodec {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private RefcountCodec() {}

    /** The refcount with an index, as an unsigned number. */
    public static long get(MemorySegment block, int order, int index) {
        return switch (order) {
            case 0, 1, 2 -> {
                int width = 1 << order;
                int shift = (index << order) & 7;
                yield (block.get(ValueLayout.JAVA_BYTE, (long) index << order >>> 3) >>> shift) & ((1 << width) - 1);
            }
            case 3 -> block.get(ValueLayout.JAVA_BYTE, index) & 0xffL;
            case 4 -> block.get(SHORT, 2L * index) & 0xffffL;
            case 5 -> block.get(INT, 4L * index) & 0xffff_ffffL;
            case 6 -> block.get(LONG, 8L * index);
            default -> throw new IllegalArgumentException("refcount order " + order);
        };
    }

    /** Sets a refcount, which must fit. */
    public static void set(MemorySegment block, int order, int index, long refcount) {
        switch (order) {
            case 0, 1, 2 -> setBits(block, order, index, (int) refcount);
            case 3 -> block.set(ValueLayout.JAVA_BYTE, index, (byte) refcount);
            case 4 -> block.set(SHORT, 2L * index, (short) refcount);
            case 5 -> block.set(INT, 4L * index, (int) refcount);
            case 6 -> block.set(LONG, 8L * index, refcount);
            default -> throw new IllegalArgumentException("refcount order " + order);
        }
    }

    private static void setBits(MemorySegment block, int order, int index, int refcount) {
        long at = (long) index << order >>> 3;
        int shift = (index << order) & 7;
        int mask = (1 << (1 << order)) - 1;
        int old = block.get(ValueLayout.JAVA_BYTE, at);
        block.set(ValueLayout.JAVA_BYTE, at, (byte) (old & ~(mask << shift) | refcount << shift));
    }
}
