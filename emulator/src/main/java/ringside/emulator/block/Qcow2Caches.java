package ringside.emulator.block;

/**
 * Sizes of the metadata caches of a qcow2 image, as QEMU names them (docs/qcow2-cache.txt). 0 stands for the default.
 *
 * @param l2CacheBytes L2 tables (l2-cache-size); default: what covers the disk, at most 32 MiB
 * @param l2EntryBytes one piece of the L2 cache (l2-cache-entry-size), a power of two of at least 512 and at most a cluster;
 *     default 4 KiB, or a cluster where that is smaller
 * @param refcountCacheBytes refcount blocks (refcount-cache-size); default four clusters
 * @param totalBytes both together (cache-size); with it at most one of the others is given
 * @param cleanIntervalSeconds pieces unused for so long are given back (cache-clean-interval); default 600, -1 never
 */
public record Qcow2Caches(
        long l2CacheBytes, int l2EntryBytes, long refcountCacheBytes, long totalBytes, int cleanIntervalSeconds) {
    /** Everything at its default. */
    public static final Qcow2Caches DEFAULT = new Qcow2Caches(0, 0, 0, 0, 0);

    public Qcow2Caches {
        if (l2CacheBytes < 0 || refcountCacheBytes < 0 || totalBytes < 0) {
            throw new IllegalArgumentException("qcow2: cache sizes must not be negative");
        }
        boolean odd = l2EntryBytes != 0 && (l2EntryBytes < 512 || Integer.bitCount(l2EntryBytes) != 1);
        if (odd) {
            throw new IllegalArgumentException(
                    "qcow2: l2-cache-entry-size " + l2EntryBytes + " is not a power of two of at least 512");
        }
        if (totalBytes > 0 && l2CacheBytes > 0 && refcountCacheBytes > 0) {
            throw new IllegalArgumentException(
                    "qcow2: cache-size, l2-cache-size and refcount-cache-size cannot all be set: leave one out");
        }
        if (totalBytes > 0 && Math.max(l2CacheBytes, refcountCacheBytes) > totalBytes) {
            throw new IllegalArgumentException("qcow2: cache-size is smaller than one of its parts");
        }
    }
}
