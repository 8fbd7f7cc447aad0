package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.Le;

/**
 * {@code struct virtq_desc} (VIRTIO-1.2 §2.7.5), 16 bytes, one entry of a descriptor table.
 *
 * <pre>
 *   0        8        12       14       16
 *   | addr   | len    | flags  | next   |
 *   | le64   | le32   | le16   | le16   |
 * </pre>
 *
 * <p>A reader takes the last eight bytes in one access, so that a guest which rewrites the entry meanwhile cannot make
 * the device see two different lengths or flags. Reads allow any alignment, because nothing aligns an indirect table.
 */
public final class VirtqDesc {
    /** Size of an entry. */
    public static final int BYTES = 16;

    /** The chain goes on at {@code next}. */
    public static final int VIRTQ_DESC_F_NEXT = 1;

    /** Device-writable; otherwise device-readable. */
    public static final int VIRTQ_DESC_F_WRITE = 2;

    /** The buffer holds a table of descriptors. */
    public static final int VIRTQ_DESC_F_INDIRECT = 4;

    private VirtqDesc() {}

    /** The buffer's guest physical address. */
    static long addr(MemorySegment ram, long entry) {
        return Le.get64Unaligned(ram, entry);
    }

    /** len, flags and next of an entry in one read. */
    static long tail(MemorySegment ram, long entry) {
        return Le.get64Unaligned(ram, entry + 8);
    }

    /** len, 0 .. 2^32 - 1. */
    static long len(long tail) {
        return tail & 0xffff_ffffL;
    }

    static int flags(long tail) {
        return (int) (tail >>> 32) & 0xffff;
    }

    static int next(long tail) {
        return (int) (tail >>> 48);
    }

    /**
     * Writes an entry. What is there already stays untouched: a driver that reuses its buffers repeats itself, and a line
     * that nobody writes can stay in the caches of both sides.
     */
    public static void put(MemorySegment ram, long entry, long addr, long len, int flags, int next) {
        if (Le.get64(ram, entry) != addr) {
            Le.put64(ram, entry, addr);
        }
        long tail = (len & 0xffff_ffffL) | (long) (flags & 0xffff) << 32 | (long) next << 48;
        if (Le.get64(ram, entry + 8) != tail) {
            Le.put64(ram, entry + 8, tail);
        }
    }
}
