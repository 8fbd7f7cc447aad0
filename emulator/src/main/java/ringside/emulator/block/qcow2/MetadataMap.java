package ringside.emulator.block.qcow2;

import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/**
 * Which clusters hold metadata, as far as is known without I/O (QEMU: overlap-check). Data are never written there: an image
 * whose refcounts lie is marked corrupt and written no more. Under the allocator's lock.
 */
final class MetadataMap {
    private final Qcow2Geometry geometry;
    private final Runnable onCorruption;
    private final LongHashSet clusters = new LongHashSet();
    private final boolean enabled;

    /** @param onCorruption marks the image */
    MetadataMap(Qcow2Geometry geometry, boolean enabled, Runnable onCorruption) {
        this.geometry = geometry;
        this.enabled = enabled;
        this.onCorruption = onCorruption;
    }

    /** A cluster of metadata. */
    void add(long offsetBytes) {
        add(offsetBytes, 1);
    }

    /** A table of metadata. */
    void add(long offsetBytes, long lengthBytes) {
        if (enabled) {
            long first = offsetBytes >>> geometry.clusterBits();
            for (long i = 0; i < geometry.clusters(lengthBytes); i++) {
                clusters.add(first + i);
            }
        }
    }

    void remove(long offsetBytes) {
        clusters.remove(offsetBytes >>> geometry.clusterBits());
    }

    /** Whether a cluster of the file holds metadata. */
    boolean holds(long offsetBytes) {
        return clusters.contains(offsetBytes >>> geometry.clusterBits());
    }

    /** @throws ringside.emulator.block.BlockIoException when clusters that are said to be free hold metadata */
    void requireFree(long first, int count) {
        for (long cluster = first; cluster < first + count; cluster++) {
            boolean header = enabled && cluster == 0;
            if (header || clusters.contains(cluster)) {
                onCorruption.run();
                throw Corruption.error("cluster %d holds metadata, but has a refcount of 0".formatted(cluster));
            }
        }
    }
}
