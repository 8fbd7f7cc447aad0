package ringside.emulator.block.qcow2;

import java.util.concurrent.atomic.AtomicInteger;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/**
 * Which clusters hold metadata, as far as is known without I/O (QEMU: overlap-check). Data are never written there: an image
 * whose refcounts or mapping lie is marked corrupt and written no more. Changed under the allocator's lock, asked by anybody.
 */
final class MetadataMap {
    private final Qcow2Geometry geometry;
    private final Runnable onCorruption;
    private final LongHashSet clusters = new LongHashSet();
    private final boolean enabled;

    /** Odd while the set changes, so that who asks without the lock asks again. */
    private final AtomicInteger version = new AtomicInteger();

    /** @param onCorruption marks the image */
    MetadataMap(Qcow2Geometry geometry, boolean enabled, Runnable onCorruption) {
        this.geometry = geometry;
        this.enabled = enabled;
        this.onCorruption = onCorruption;
    }

    /** A cluster of metadata. Returns false when it is one already. */
    boolean add(long offsetBytes) {
        return add(offsetBytes, 1);
    }

    /** A table of metadata. Returns false when something else is there already. */
    boolean add(long offsetBytes, long lengthBytes) {
        boolean alone = true;
        if (enabled) {
            version.getAndIncrement();
            long first = offsetBytes >>> geometry.clusterBits();
            for (long i = 0; i < geometry.clusters(lengthBytes); i++) {
                alone &= clusters.add(first + i);
            }
            version.getAndIncrement();
        }
        return alone;
    }

    void remove(long offsetBytes) {
        if (enabled) {
            version.getAndIncrement();
            clusters.remove(offsetBytes >>> geometry.clusterBits());
            version.getAndIncrement();
        }
    }

    /** Whether any cluster of a range of the file holds metadata. Without a lock. */
    boolean holdsAny(long offsetBytes, long lengthBytes) {
        if (!enabled) {
            return false;
        }
        long first = offsetBytes >>> geometry.clusterBits();
        long last = offsetBytes + lengthBytes - 1 >>> geometry.clusterBits();
        while (true) {
            int before = version.get();
            boolean any = anyOf(first, last);
            if ((before & 1) == 0 && version.get() == before) {
                return any;
            }
            Thread.onSpinWait();
        }
    }

    private boolean anyOf(long first, long last) {
        for (long cluster = first; cluster <= last; cluster++) {
            if (clusters.contains(cluster)) {
                return true;
            }
        }
        return false;
    }

    /** @throws BlockIoException when a write to a range of the file would hit metadata */
    void requireNoMetadata(long offsetBytes, long lengthBytes) {
        if (holdsAny(offsetBytes, lengthBytes)) {
            throw corruption("data of the guest are mapped to byte %d, which holds metadata".formatted(offsetBytes));
        }
    }

    /** @throws BlockIoException when clusters that are said to be free hold metadata */
    void requireFree(long first, int count) {
        for (long cluster = first; cluster < first + count; cluster++) {
            boolean header = enabled && cluster == 0;
            if (header || clusters.contains(cluster)) {
                throw corruption("cluster %d holds metadata, but has a refcount of 0".formatted(cluster));
            }
        }
    }

    /** Marks the image, and returns what to throw. Any thread, under any lock. */
    BlockIoException corruption(String what) {
        onCorruption.run();
        return Corruption.error(what);
    }
}
