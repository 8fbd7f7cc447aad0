package ringside.emulator.block.qcow2;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/**
 * Blocking writes: in place, to new clusters, with copy on write. The caller holds the clusters. Data are in the file before
 * an entry refers to them.
 */
final class ClusterWriter {
    private static final long RUN_BYTES = 2 << 20;
    private static final int RUN_CLUSTERS = 512;

    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;
    private final Qcow2File image;
    private final BlockFile file;
    private final BlockFile data;
    private final BackingSource backing;
    private final BlockEvents events;

    ClusterWriter(Qcow2Metadata metadata, Qcow2File image, BackingSource backing) {
        this.metadata = metadata;
        this.geometry = metadata.geometry();
        this.image = image;
        this.file = metadata.parts().file();
        this.data = metadata.parts().data();
        this.backing = backing;
        this.events = metadata.events();
    }

    void write(long offset, MemorySegment from) {
        ExtentFinder finder = metadata.finder();
        Extent extent = new Extent();
        for (long done = 0; done < from.byteSize(); ) {
            long at = offset + done;
            metadata.find(finder, at, from.byteSize() - done, extent);
            if (extent.kind == Extent.Kind.DATA && extent.copied) {
                metadata.requireNoMetadata(extent.hostBytes, extent.lengthBytes);
                events.raise(BlockEvent.WRITE_AIO);
                data.write(extent.hostBytes, from.asSlice(done, extent.lengthBytes));
                done += extent.lengthBytes;
            } else if (appends(at, extent)) {
                MemorySegment run = from.asSlice(done, Math.min(extent.lengthBytes, runBytes(at)));
                append(at, run);
                done += run.byteSize();
            } else {
                // No further than the extent: others write to stored subclusters behind it without asking for the
                // cluster.
                long length = Math.min(extent.lengthBytes, clusterEnd(at) - at);
                rewrite(at, from.asSlice(done, length), extent);
                done += length;
            }
        }
    }

    private long clusterEnd(long offset) {
        return geometry.clusterStart(offset) + geometry.clusterBytes();
    }

    /** How far clusters are taken at a time, so that an allocation does not look for a huge hole. */
    private long runBytes(long at) {
        long clusters = Math.clamp(RUN_BYTES >>> geometry.clusterBits(), 1, RUN_CLUSTERS);
        return geometry.clusterStart(at) + (clusters << geometry.clusterBits()) - at;
    }

    /** Whether the range has nothing stored, so that only zeroes can surround what is written. */
    private boolean appends(long at, Extent extent) {
        boolean plain = extent.kind == Extent.Kind.UNALLOCATED && !geometry.extendedL2();
        return plain && extent.entry == 0 && !backing.reaches(geometry.clusterStart(at));
    }

    private void append(long at, MemorySegment from) {
        long start = geometry.clusterStart(at);
        long end = at + from.byteSize();
        int count = (int) geometry.clusters(end - start);
        long place = allocate(start, count);
        long host = place & ~Qcow2Metadata.FRESH;
        if ((place & Qcow2Metadata.FRESH) == 0) {
            zeroAround(host, at - start, from.byteSize(), (long) count << geometry.clusterBits());
        }
        givingBack(host, count, () -> data.write(host + at - start, from));
        for (int i = 0; i < count; i++) {
            long cluster = (long) i << geometry.clusterBits();
            metadata.link(start + cluster, host + cluster | L2Entry.COPIED, 0);
        }
    }

    /** Nothing refers to new clusters until their data are written; if that fails, they are free again. */
    private void givingBack(long host, int count, Runnable write) {
        boolean written = false;
        events.raise(BlockEvent.WRITE_AIO);
        try {
            write.run();
            written = true;
        } finally {
            if (!written && !metadata.dataFile()) {
                metadata.free(host, count);
            }
        }
    }

    /** A place for clusters of the guest's disk, with FRESH added where it reads as zeroes. */
    long allocate(long guestCluster, int count) {
        return metadata.dataFile() ? guestCluster : metadata.allocate(count);
    }

    private void zeroAround(long host, long head, long length, long all) {
        if (head > 0) {
            data.writeZeroes(host, head, true);
        }
        if (head + length < all) {
            data.writeZeroes(host + head + length, all - head - length, true);
        }
    }

    /** Writes a part of one cluster that cannot be written where it is. */
    private void rewrite(long at, MemorySegment from, Extent extent) {
        if (geometry.extendedL2()) {
            rewriteSubclusters(at, from);
        } else {
            rewriteCluster(at, from, extent.entry);
        }
    }

    private void rewriteCluster(long at, MemorySegment from, long old) {
        long start = geometry.clusterStart(at);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = from;
            if (from.byteSize() < geometry.clusterBytes()) {
                whole = image.clusterBuffer(arena);
                events.raise(BlockEvent.COW_READ);
                image.readInside(start, whole);
                whole.asSlice(at - start, from.byteSize()).copyFrom(from);
            }
            boolean inPlace = !L2Entry.compressed(old) && (old & L2Entry.COPIED) != 0 && hasPlace(old);
            long host = inPlace ? L2Entry.offset(old) : allocate(start, 1) & ~Qcow2Metadata.FRESH;
            MemorySegment content = whole;
            events.raise(BlockEvent.COW_WRITE);
            if (inPlace) {
                metadata.requireNoMetadata(host, geometry.clusterBytes());
                data.write(host, content);
            } else {
                givingBack(host, 1, () -> data.write(host, content));
            }
            metadata.link(start, host | L2Entry.COPIED, 0);
            if (!inPlace) {
                metadata.freeEntry(old);
            }
        }
    }

    private boolean hasPlace(long entry) {
        return L2Entry.offset(entry) != 0 || metadata.dataFile();
    }

    /** Subclusters: those that are touched become stored; others move along only when the cluster moves. */
    private void rewriteSubclusters(long at, MemorySegment from) {
        long start = geometry.clusterStart(at);
        Extent extent = new Extent();
        metadata.find(metadata.finder(), start, 1, extent);
        long old = extent.entry;
        long bitmap = extent.bitmap;
        int unit = geometry.subclusterBytes();
        int first = (int) ((at - start) / unit);
        int last = (int) ((at - start + from.byteSize() - 1) / unit);
        long touched = mask(first, last);
        boolean stays = !L2Entry.compressed(old) && (old & L2Entry.COPIED) != 0 && hasPlace(old);
        long kept = L2Entry.compressed(old) ? 0xffff_ffffL : bitmap & 0xffff_ffffL;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = image.clusterBuffer(arena);
            events.raise(BlockEvent.COW_READ);
            readSubclusters(start, whole, stays ? touched : touched | kept);
            whole.asSlice(at - start, from.byteSize()).copyFrom(from);
            long host = stays ? L2Entry.offset(old) : allocate(start, 1) & ~Qcow2Metadata.FRESH;
            if (stays) {
                metadata.requireNoMetadata(host, geometry.clusterBytes());
                writeSubclusters(host, whole, touched);
            } else {
                givingBack(host, 1, () -> writeSubclusters(host, whole, touched | kept));
            }
            long stored = kept | touched;
            long zero = L2Entry.compressed(old) ? 0 : (bitmap >>> 32 & ~touched) << 32;
            metadata.link(start, host | L2Entry.COPIED, stored | zero);
            if (!stays) {
                metadata.freeEntry(old);
            }
        }
    }

    private static long mask(int first, int last) {
        return (1L << last + 1) - (1L << first);
    }

    private void readSubclusters(long start, MemorySegment whole, long wanted) {
        int unit = geometry.subclusterBytes();
        for (int i = 0; i < geometry.subclusters(); i++) {
            if ((wanted >>> i & 1) != 0) {
                image.readInside(start + (long) i * unit, whole.asSlice((long) i * unit, unit));
            }
        }
    }

    /** Runs of subclusters, each in one write. */
    private void writeSubclusters(long host, MemorySegment whole, long wanted) {
        int unit = geometry.subclusterBytes();
        for (int i = 0; i < geometry.subclusters(); i++) {
            if ((wanted >>> i & 1) == 0) {
                continue;
            }
            int first = i;
            while (i + 1 < geometry.subclusters() && (wanted >>> i + 1 & 1) != 0) {
                i++;
            }
            long from = (long) first * unit;
            data.write(host + from, whole.asSlice(from, (long) (i - first + 1) * unit));
        }
    }

    /** Writes a cluster compressed behind the one before, in the same cluster of the file where there is room. */
    void writeCompressed(long offset, MemorySegment from, ClusterCodec codec) {
        byte[] cluster = new byte[geometry.clusterBytes()];
        MemorySegment.ofArray(cluster).asSlice(0, from.byteSize()).copyFrom(from);
        Optional<byte[]> stored = metadata.dataFile() ? Optional.empty() : codec.encode(cluster);
        if (stored.isEmpty()) {
            write(offset, from);
            return;
        }
        Extent extent = new Extent();
        metadata.find(metadata.finder(), offset, 1, extent);
        byte[] bytes = stored.get();
        long place = metadata.allocateBytes(bytes.length);
        events.raise(BlockEvent.WRITE_COMPRESSED);
        file.write(place, MemorySegment.ofArray(bytes));
        metadata.link(offset, L2Entry.compressed(place, bytes.length, geometry.clusterBits()), 0);
        metadata.freeEntry(extent.entry);
    }
}
