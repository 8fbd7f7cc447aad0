package ringside.emulator.block.qcow2;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/**
 * The mapping of an image and its changes, shared by all loops and workers. Methods named {@code try} do no I/O and may be
 * called on a loop; the others load what is missing.
 *
 * <p>Whoever changes the mapping of a cluster of the guest's disk holds it in {@link #clusters}.
 */
final class Qcow2Metadata {
    /** Added to the offset of allocated clusters that are known to read as zeroes. */
    static final long FRESH = 1;

    private static final long NOWHERE = -1;

    private final ImageParts parts;
    private final Qcow2Geometry geometry;
    private final boolean dataFile;
    private final boolean version3;
    private final WriteBack writeBack;
    private final BlockEvents events;
    private final ClusterLocks clusters = new ClusterLocks();
    private volatile boolean changed;
    private final AtomicInteger flushing = new AtomicInteger();
    private volatile boolean corrupt;
    private volatile Thread lastWriter;

    /** Where compressed data end. */
    private long packedAt;

    Qcow2Metadata(ImageParts parts, WriteBack writeBack, boolean dataFile) {
        this.parts = parts;
        this.geometry = parts.geometry();
        this.writeBack = writeBack;
        this.events = parts.events();
        this.dataFile = dataFile;
        this.version3 = parts.header().version() > 2;
    }

    ImageParts parts() {
        return parts;
    }

    Qcow2Geometry geometry() {
        return geometry;
    }

    /** Where it is said what is about to be done. */
    BlockEvents events() {
        return events;
    }

    ClusterLocks clusters() {
        return clusters;
    }

    boolean dataFile() {
        return dataFile;
    }

    boolean version3() {
        return version3;
    }

    /** A finder for one thread. */
    ExtentFinder finder() {
        return new ExtentFinder(geometry, parts.l2(), dataFile, version3, parts.metadata());
    }

    /** Finds an extent, and loads what that needs. */
    void find(ExtentFinder finder, long guestOffset, long maxBytes, Extent into) {
        while (!finder.find(guestOffset, maxBytes, into)) {
            load(guestOffset);
        }
    }

    private void load(long guestOffset) {
        requireTableInPlace(guestOffset);
        parts.l2().load(guestOffset, this::makeRoom);
    }

    private void makeRoom() {
        requireWritable();
        writeBack.run();
    }

    private void requireTableInPlace(long guestOffset) {
        long table = parts.l1().tableOffset(geometry.l1Index(guestOffset));
        if ((table & geometry.clusterBytes() - 1) != 0) {
            throw parts.metadata()
                    .corruption("the L2 table of guest byte %d is at byte %d, where no cluster begins"
                            .formatted(guestOffset, table));
        }
    }

    /** Changes an entry in memory. Returns false when its slice is not there or its table is shared. */
    boolean tryLink(long guestOffset, long entry, long bitmap) {
        L2Cache l2 = parts.l2();
        long number = l2.numberOf(guestOffset);
        Lock lock = parts.locks().ofSlice(number);
        lock.lock();
        try {
            L2Slice slice = l2.writable(number);
            if (slice == null) {
                return false;
            }
            slice.write(l2.indexInSlice(guestOffset), geometry.extendedL2(), entry, bitmap);
        } finally {
            lock.unlock();
        }
        if (!changed) {
            changed = true;
        }
        return true;
    }

    /** Whether an entry could be changed in memory now; it may be different when it comes to that. */
    boolean linkable(long guestOffset) {
        L2Cache l2 = parts.l2();
        long number = l2.numberOf(guestOffset);
        Lock lock = parts.locks().ofSlice(number);
        lock.lock();
        try {
            return l2.writable(number) != null;
        } finally {
            lock.unlock();
        }
    }

    /** Changes an entry. */
    void link(long guestOffset, long entry, long bitmap) {
        while (!tryLink(guestOffset, entry, bitmap)) {
            ensureTable(guestOffset);
            load(guestOffset);
        }
    }

    /** Takes clusters for data of the guest without I/O: offset, or {@link Allocator}'s negative answers. */
    long tryAllocate(int count, boolean needFresh) {
        events.raise(BlockEvent.CLUSTER_ALLOC);
        Lock lock = parts.locks().allocator;
        lock.lock();
        try {
            long offset = parts.allocator().tryAllocate(count, needFresh);
            if (offset >= 0 && !changed) {
                changed = true;
            }
            return offset;
        } finally {
            lock.unlock();
        }
    }

    /** Takes clusters: their offset, with {@link #FRESH} added where they read as zeroes. */
    long allocate(int count) {
        events.raise(BlockEvent.CLUSTER_ALLOC);
        changed = true;
        Lock lock = parts.locks().allocator;
        while (true) {
            long offset;
            boolean fresh = true;
            lock.lock();
            try {
                offset = parts.allocator().tryAllocate(count, true);
                if (offset == Allocator.NOT_FRESH) {
                    fresh = false;
                    offset = parts.allocator().tryAllocate(count, false);
                }
            } finally {
                lock.unlock();
            }
            if (offset >= 0) {
                return offset | (fresh ? FRESH : 0);
            }
            parts.allocator().loadForAllocation();
        }
    }

    /** A place for compressed data: behind those before, also across the end of their cluster where the next one is free. */
    long allocateBytes(int bytes) {
        synchronized (clusters) {
            long used = packedAt & geometry.clusterBytes() - 1;
            boolean fits = used != 0 && used + bytes <= geometry.clusterBytes();
            long place = fits ? NOWHERE : allocate(1) & ~FRESH;
            boolean adjacent = place == geometry.clusterStart(packedAt) + geometry.clusterBytes();
            if (used != 0 && (fits || adjacent) && share(packedAt >>> geometry.clusterBits())) {
                place = packedAt;
            } else if (fits) {
                place = allocate(1) & ~FRESH; // the other one has as many references as it can have
            }
            packedAt = place + bytes;
            return place;
        }
    }

    /** One more reference to a cluster; false when it has as many as it can have, or none. */
    boolean share(long cluster) {
        changed = true;
        parts.refcounts().load(cluster);
        Lock lock = parts.locks().allocator;
        lock.lock();
        try {
            long count = parts.refcounts().get(cluster);
            boolean can = parts.refcounts().settable(cluster) && count > 0 && count != geometry.maxRefcount();
            if (can) {
                parts.refcounts().set(cluster, count + 1);
            }
            return can;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a cluster can have one more reference. */
    boolean shareable(long cluster) {
        parts.refcounts().load(cluster);
        Lock lock = parts.locks().allocator;
        lock.lock();
        try {
            long count = parts.refcounts().get(cluster);
            return parts.refcounts().settable(cluster) && count > 0 && count != geometry.maxRefcount();
        } finally {
            lock.unlock();
        }
    }

    /** @throws ringside.emulator.block.BlockIoException when the image is marked corrupt */
    void requireWritable() {
        if (corrupt) {
            throw Corruption.error("it was found so while it was open");
        }
    }

    boolean corrupt() {
        return corrupt;
    }

    /** Data would have been written over metadata: nothing is written from now on. */
    void markCorrupt() {
        corrupt = true;
    }

    /** One reference less to clusters of the file. After the mapping no longer refers to them. */
    void free(long offsetBytes, long count) {
        events.raise(BlockEvent.CLUSTER_FREE);
        changed = true;
        synchronized (clusters) {
            long packed = geometry.clusterStart(packedAt);
            if (packed >= offsetBytes && packed < offsetBytes + (count << geometry.clusterBits())) {
                packedAt = 0; // it may belong to somebody else when the next compressed cluster comes
            }
        }
        Lock lock = parts.locks().allocator;
        lock.lock();
        try {
            parts.allocator().free(offsetBytes, count);
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what an entry referred to. After the mapping has changed. */
    void freeEntry(long entry) {
        requireData(entry);
        if (L2Entry.compressed(entry)) {
            long from = L2Entry.compressedOffset(entry, geometry.clusterBits());
            long to = from + L2Entry.compressedBytes(entry, geometry.clusterBits());
            long first = geometry.clusterStart(from);
            free(first, geometry.clusters(to - first));
        } else if (L2Entry.offset(entry) != 0 && !dataFile) {
            free(L2Entry.offset(entry), 1);
        }
    }

    /** Metadata that an entry takes for data must not become free. */
    private void requireData(long entry) {
        if (L2Entry.compressed(entry)) {
            long bytes = L2Entry.compressedBytes(entry, geometry.clusterBits());
            parts.metadata().requireNoMetadata(L2Entry.compressedOffset(entry, geometry.clusterBits()), bytes);
        } else if (L2Entry.offset(entry) != 0 && !dataFile) {
            parts.metadata().requireNoMetadata(L2Entry.offset(entry), 1);
        }
    }

    /** @throws ringside.emulator.block.BlockIoException when a write to these bytes of the data file would hit metadata */
    void requireNoMetadata(long hostOffset, long lengthBytes) {
        if (!dataFile) {
            parts.metadata().requireNoMetadata(hostOffset, lengthBytes);
        }
    }

    /** Whether a write to these bytes of the data file may go ahead. */
    boolean hitsMetadata(long hostOffset, long lengthBytes) {
        return !dataFile && parts.metadata().holdsAny(hostOffset, lengthBytes);
    }

    /** Gives a guest offset an L2 table of the active image's own. */
    private void ensureTable(long guestOffset) {
        int index = geometry.l1Index(guestOffset);
        synchronized (parts.l1()) {
            if (parts.l1().writable(index)) {
                return;
            }
            requireTableInPlace(guestOffset);
            requireTableAlone(index);
            long old = parts.l1().tableOffset(index);
            long place = allocate(1) & ~FRESH;
            fillTable(old, place);
            Lock lock = parts.locks().allocator;
            lock.lock();
            try {
                parts.metadata().add(place);
                parts.l1().set(index, place | L2Entry.COPIED);
            } finally {
                lock.unlock();
            }
            parts.l2().tableBecameWritable(index);
            if (old != 0) {
                free(old, 1);
            }
        }
    }

    private void requireTableAlone(int index) {
        if (parts.l1().isSuspect(index)) {
            throw parts.metadata()
                    .corruption("the L2 table at byte %d is also something else"
                            .formatted(parts.l1().tableOffset(index)));
        }
    }

    /** A table's content is in the file before anything refers to it. */
    private void fillTable(long old, long place) {
        BlockFile file = parts.file();
        if (old == 0) {
            events.raise(BlockEvent.L2_ALLOC_WRITE);
            file.writeZeroes(place, geometry.clusterBytes(), false);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(geometry.clusterBytes(), 4096);
            events.raise(BlockEvent.L2_ALLOC_COW_READ);
            file.read(old, table);
            events.raise(BlockEvent.L2_ALLOC_WRITE);
            file.write(place, table);
        }
    }

    /** Whether there are metadata that are not stable: changed, or being written. */
    boolean changed() {
        return changed || flushing.get() > 0;
    }

    /** Makes data and metadata stable. */
    void flush() {
        requireWritable();
        flushing.incrementAndGet();
        changed = false;
        boolean done = false;
        try {
            writeBack.run();
            done = true;
        } finally {
            changed |= !done;
            flushing.decrementAndGet();
        }
        if (parts.allocator().waits()) {
            changed = true; // the next flush frees what this one could not
        }
    }

    /** A thread that still writes to the file; closing waits for it. */
    void closeAfter(Thread writer) {
        lastWriter = writer;
    }

    /** Writes everything; nothing is in flight. */
    void close(boolean readOnly) {
        try {
            Thread writer = lastWriter;
            if (writer != null) {
                writer.join();
            }
            if (!readOnly && !corrupt) {
                writeBack.finish();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            parts.l2().close();
        }
    }
}
