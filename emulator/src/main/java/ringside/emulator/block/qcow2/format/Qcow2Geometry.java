package ringside.emulator.block.qcow2.format;

/**
 * What follows from cluster size, refcount width and kind of L2 entries.
 *
 * @param clusterBits cluster size as a power of two, 9 to 21
 * @param refcountOrder refcount width in bits as a power of two, 0 to 6
 * @param extendedL2 whether L2 entries have 16 bytes and clusters 32 subclusters
 */
public record Qcow2Geometry(int clusterBits, int refcountOrder, boolean extendedL2) {
    private static final int SUBCLUSTERS = 32;
    private static final int SUBCLUSTER_BITS = 5;

    /** Bytes of a cluster. */
    public int clusterBytes() {
        return 1 << clusterBits;
    }

    /** Subclusters of a cluster: 1 or 32. */
    public int subclusters() {
        return extendedL2 ? SUBCLUSTERS : 1;
    }

    /** Bytes of a subcluster. */
    public int subclusterBytes() {
        return 1 << clusterBits - (extendedL2 ? SUBCLUSTER_BITS : 0);
    }

    /** Bytes of an entry of an L2 table. */
    public int l2EntryBytes() {
        return extendedL2 ? 16 : 8;
    }

    /** Entries of an L2 table, as a power of two. */
    public int l2Bits() {
        return clusterBits - (extendedL2 ? 4 : 3);
    }

    /** Entries of an L2 table. */
    public int l2Entries() {
        return 1 << l2Bits();
    }

    /** Which L1 entry leads to a guest offset. */
    public int l1Index(long guestOffset) {
        return (int) (guestOffset >>> clusterBits + l2Bits());
    }

    /** Which L2 entry leads to a guest offset. */
    public int l2Index(long guestOffset) {
        return (int) (guestOffset >>> clusterBits) & l2Entries() - 1;
    }

    /** L1 entries that a disk needs, as a long because a size can be a lie. */
    public long l1Entries(long sizeBytes) {
        int bits = clusterBits + l2Bits();
        return (sizeBytes >>> bits) + ((sizeBytes & (1L << bits) - 1) == 0 ? 0 : 1);
    }

    /** Bits of a refcount. */
    public int refcountBits() {
        return 1 << refcountOrder;
    }

    /** The largest refcount, as an unsigned number. */
    public long maxRefcount() {
        return -1L >>> Long.SIZE - refcountBits();
    }

    /** Refcounts of a refcount block, as a power of two. */
    public int refcountBlockBits() {
        return clusterBits + 3 - refcountOrder;
    }

    /** Refcounts of a refcount block. */
    public int refcountsPerBlock() {
        return 1 << refcountBlockBits();
    }

    /** Clusters that hold so many bytes. */
    public long clusters(long bytes) {
        return (bytes >>> clusterBits) + ((bytes & clusterBytes() - 1) == 0 ? 0 : 1);
    }

    /** Start of the cluster of an offset. */
    public long clusterStart(long offset) {
        return offset & -(long) clusterBytes();
    }
}
