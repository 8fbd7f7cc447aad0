package ringside.emulator.block.qcow2;

import java.util.concurrent.locks.Lock;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/** Takes everything away that is mapped from an offset on, as if it had never been written. With no request in flight. */
final class Unmapping {
    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;

    Unmapping(Qcow2Metadata metadata) {
        this.metadata = metadata;
        this.geometry = metadata.geometry();
    }

    /** @param offset start of a cluster */
    void from(long offset, long sizeBytes) {
        long tableBytes = (long) geometry.l2Entries() << geometry.clusterBits();
        for (long at = offset; at < sizeBytes; ) {
            long end = Math.min(sizeBytes, (at / tableBytes + 1) * tableBytes);
            if (metadata.parts().l1().tableOffset(geometry.l1Index(at)) != 0) {
                unmap(at, end);
            }
            at = end;
        }
    }

    /** Within one table. */
    private void unmap(long from, long end) {
        ExtentFinder finder = metadata.finder();
        Extent extent = new Extent();
        for (long at = from; at < end; at += geometry.clusterBytes()) {
            metadata.find(finder, at, 1, extent);
            if (extent.entry != 0 || extent.bitmap != 0) {
                metadata.link(at, 0, 0);
                metadata.freeEntry(extent.entry);
            }
        }
        if (from % ((long) geometry.l2Entries() << geometry.clusterBits()) == 0) {
            dropTable(geometry.l1Index(from));
        }
    }

    /** A table that maps nothing any more. Its slices may stay in memory: they say the same. */
    private void dropTable(int l1Index) {
        metadata.flush();
        Lock lock = metadata.parts().locks().allocator;
        long entry;
        lock.lock();
        try {
            entry = metadata.parts().l1().get(l1Index);
            metadata.parts().l1().set(l1Index, 0);
        } finally {
            lock.unlock();
        }
        metadata.free(entry & L2Entry.OFFSET_MASK, 1);
    }
}
