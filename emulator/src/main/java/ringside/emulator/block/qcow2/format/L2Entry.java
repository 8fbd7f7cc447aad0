package ringside.emulator.block.qcow2.format;

/**
 * Bits of L1 and L2 entries. An extended L2 entry has a second word, the bitmaps of its subclusters: the lower half says
 * which are allocated, the upper half which read as zeroes.
 */
public final class L2Entry {
    /** The refcount of what the entry leads to is exactly 1: it may be written in place. In L1 entries, too. */
    public static final long COPIED = 1L << 63;

    /** The cluster is compressed. */
    public static final long COMPRESSED = 1L << 62;

    /** The cluster reads as zeroes, whatever is stored; version 3 without subclusters. */
    public static final long ZERO = 1;

    /** Where the cluster, or the L2 table, is. */
    public static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;

    /** Reserved bits of a standard entry that is not compressed. */
    public static final long RESERVED = 0x3f00_0000_0000_01feL;

    /** Reserved bits of an L1 entry. */
    public static final long L1_RESERVED = 0x7f00_0000_0000_01ffL;

    private static final int SECTOR_BYTES = 512;

    private L2Entry() {}

    /** Host offset of a cluster that is not compressed; 0 where none is. */
    public static long offset(long entry) {
        return entry & OFFSET_MASK;
    }

    /** Whether the entry leads to compressed data. */
    public static boolean compressed(long entry) {
        return (entry & COMPRESSED) != 0;
    }

    /** Where compressed data begin: at any byte. */
    public static long compressedOffset(long entry, int clusterBits) {
        return entry & (1L << offsetBits(clusterBits)) - 1;
    }

    /** How many bytes compressed data have at most: up to the end of their last sector of 512 bytes. */
    public static int compressedBytes(long entry, int clusterBits) {
        int bits = offsetBits(clusterBits);
        long sectors = (entry & COMPRESSED - 1) >>> bits;
        long within = compressedOffset(entry, clusterBits) & SECTOR_BYTES - 1;
        return (int) ((sectors + 1) * SECTOR_BYTES - within);
    }

    /** The entry for compressed data. */
    public static long compressed(long offset, int bytes, int clusterBits) {
        long sectors = (offset + bytes - 1) / SECTOR_BYTES - offset / SECTOR_BYTES;
        return COMPRESSED | sectors << offsetBits(clusterBits) | offset;
    }

    /** Lowest offset that compressed data cannot have. */
    public static long compressedLimit(int clusterBits) {
        return 1L << offsetBits(clusterBits);
    }

    private static int offsetBits(int clusterBits) {
        return 62 - (clusterBits - 8);
    }

    /** Whether a subcluster is stored in the cluster. */
    public static boolean subclusterAllocated(long bitmap, int subcluster) {
        return (bitmap >>> subcluster & 1) != 0;
    }

    /** Whether a subcluster reads as zeroes. */
    public static boolean subclusterZero(long bitmap, int subcluster) {
        return (bitmap >>> 32 + subcluster & 1) != 0;
    }

    /** Whether a subcluster is said to be both. */
    public static boolean contradictory(long bitmap) {
        return (bitmap & bitmap >>> 32 & 0xffff_ffffL) != 0;
    }
}
