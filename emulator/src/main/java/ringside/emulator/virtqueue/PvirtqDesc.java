package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.Le;

/**
 * {@code struct pvirtq_desc} (VIRTIO-1.2 §2.8.13), 16 bytes, one entry of a packed ring or of an indirect table.
 *
 * <pre>
 *   0        8        12       14       16
 *   | addr   | len    | id     | flags  |
 *   | le64   | le32   | le16   | le16   |
 * </pre>
 *
 * <p>Length, id and flags are one 64-bit word, here called the <em>tail</em>: it is read and written in one access. Whoever
 * sees that a descriptor changed hands has therefore seen its length and id of the same moment, and no peer that rewrites
 * the entry can show two different sets of flags.
 */
final class PvirtqDesc {
    /** Size of an entry. */
    static final int BYTES = 16;

    /** The list goes on at the next entry of the ring. */
    static final int VIRTQ_DESC_F_NEXT = 1;

    /** Device-writable; in a used descriptor: the device wrote something. */
    static final int VIRTQ_DESC_F_WRITE = 2;

    /** The buffer holds a table of descriptors. */
    static final int VIRTQ_DESC_F_INDIRECT = 4;

    /** Equals the driver's wrap counter when made available. */
    static final int VIRTQ_DESC_F_AVAIL = 1 << 7;

    /** Equals the device's wrap counter when used, and not the driver's when made available. */
    static final int VIRTQ_DESC_F_USED = 1 << 15;

    private static final int OWNER = VIRTQ_DESC_F_AVAIL | VIRTQ_DESC_F_USED;
    private static final int TAIL = 8;

    private PvirtqDesc() {}

    static long addr(MemorySegment ram, long entry) {
        return Le.get64(ram, entry);
    }

    /** len, id and flags; nothing of the entry or of later ones is read before. */
    static long tailAcquire(MemorySegment ram, long entry) {
        return Le.get64Acquire(ram, entry + TAIL);
    }

    /** len, id and flags of an entry behind one whose tail was acquired. */
    static long tail(MemorySegment ram, long entry) {
        return Le.get64(ram, entry + TAIL);
    }

    /** addr of an entry of an indirect table, which nothing aligns. */
    static long addrInTable(MemorySegment ram, long entry) {
        return Le.get64Unaligned(ram, entry);
    }

    /** len, id and flags of an entry of an indirect table. */
    static long tailInTable(MemorySegment ram, long entry) {
        return Le.get64Unaligned(ram, entry + TAIL);
    }

    /** len, 0 .. 2^32 - 1. */
    static long len(long tail) {
        return tail & 0xffff_ffffL;
    }

    static int id(long tail) {
        return (int) (tail >>> 32) & 0xffff;
    }

    static int flags(long tail) {
        return (int) (tail >>> 48);
    }

    static long tail(long len, int id, int flags) {
        return (len & 0xffff_ffffL) | (long) id << 32 | (long) flags << 48;
    }

    /** The two bits of a descriptor that the driver makes available in a lap. */
    static int available(boolean wrap) {
        return wrap ? VIRTQ_DESC_F_AVAIL : VIRTQ_DESC_F_USED;
    }

    /** The two bits of a descriptor that the device uses in a lap. */
    static int used(boolean wrap) {
        return wrap ? OWNER : 0;
    }

    static boolean isAvailable(long tail, boolean wrap) {
        return (flags(tail) & OWNER) == available(wrap);
    }

    static boolean isUsed(long tail, boolean wrap) {
        return (flags(tail) & OWNER) == used(wrap);
    }

    static void putAddr(MemorySegment ram, long entry, long addr) {
        Le.put64(ram, entry, addr);
    }

    static void putTail(MemorySegment ram, long entry, long tail) {
        Le.put64(ram, entry + TAIL, tail);
    }

    /** Hands the descriptor over: everything written before is visible to whoever acquires this tail. */
    static void putTailRelease(MemorySegment ram, long entry, long tail) {
        Le.put64Release(ram, entry + TAIL, tail);
    }
}
