package ringside.emulator.block.qcow2;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/**
 * Writes metadata in the order that a crash at any point survives with leaks at worst: refcounts before what refers to
 * clusters, tables before what refers to tables, and references away before refcounts go down. Each step is stable before the
 * next begins.
 *
 * <p>The copies are taken in the opposite order, so that nothing in a copy refers to what an earlier step has not written.
 */
final class WriteBack {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Qcow2Geometry geometry;
    private final Qcow2Header header;
    private final BlockFile file;
    private final BlockFile data;
    private final BlockEvents events;
    private final ImageLocks locks;
    private final L1Table l1;
    private final L2Cache l2;
    private final Refcounts refcounts;
    private final Allocator allocator;
    private final HeaderWriter headerWriter;
    private final boolean dataDiscards;

    /** Refcounts are written when the image is closed; until then the dirty bit says that they are to be counted. */
    private boolean lazy;

    private boolean markedDirty;

    /** @param lazy whether refcounts wait until the image is closed (lazy_refcounts) */
    WriteBack(ImageParts parts, HeaderWriter headerWriter, boolean lazy) {
        this.lazy = lazy;
        this.geometry = parts.geometry();
        this.header = parts.header();
        this.file = parts.file();
        this.data = parts.data();
        this.events = parts.events();
        this.locks = parts.locks();
        this.l1 = parts.l1();
        this.l2 = parts.l2();
        this.refcounts = parts.refcounts();
        this.allocator = parts.allocator();
        this.headerWriter = headerWriter;
        this.dataDiscards = parts.discards();
    }

    /** What one pass writes, as it was when the pass began. */
    private static final class Pass {
        long[] l1;
        List<L2Cache.Copied> l2 = List.of();
        final List<Copy> refcounts = new ArrayList<>();
        long[] refcountTable;
        ArrayDeque<Allocator.Freeing> freed;

        /** Refcounts have changed and wait. */
        boolean owesRefcounts;

        /** The refcount table is not longer than its place. */
        boolean fits = true;
    }

    /** A dirty piece of refcounts as it is to be written. */
    private record Copy(RefcountPieces.Piece piece, MemorySegment content) {}

    /**
     * Makes data and metadata stable. Blocks; not under a lock.
     *
     * @throws ringside.emulator.block.BlockIoException when the storage fails: everything is tried again next time
     */
    void run() {
        oneAtATime.lock();
        try (Arena copies = Arena.ofConfined()) {
            Pass pass = takeFitting(copies);
            boolean done = false;
            try {
                write(pass);
                done = true;
            } finally {
                settle(pass, !done);
            }
            allocator.reclaim(false, this::discard);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Everything is written and nothing is in flight: what waits to be free becomes free. */
    void finish() {
        run();
        oneAtATime.lock();
        try {
            lazy = false;
            allocator.reclaim(true, this::discard);
        } finally {
            oneAtATime.unlock();
        }
        run();
        if (markedDirty) {
            headerWriter.write(h -> h.set(Qcow2Feature.DIRTY, false));
            markedDirty = false;
        }
    }

    /** Before anything refers to clusters whose refcounts are not there yet. */
    private void markDirty() {
        if (!markedDirty) {
            headerWriter.write(h -> h.set(Qcow2Feature.DIRTY, true));
            markedDirty = true;
        }
    }

    private void discard(long offsetBytes, long lengthBytes) {
        if (dataDiscards) {
            file.discard(offsetBytes, Math.min(lengthBytes, Math.max(0, file.lengthBytes() - offsetBytes)));
        }
    }

    /** A pass whose refcount table has room in its place: who allocates meanwhile may have made the table longer. */
    private Pass takeFitting(Arena copies) {
        while (true) {
            if (!lazy) {
                growRefcountTable();
            }
            Pass pass = take(copies);
            if (pass.fits) {
                return pass;
            }
            settle(pass, true);
        }
    }

    private Pass take(Arena copies) {
        Pass pass = new Pass();
        locks.allocator.lock();
        try {
            pass.l1 = l1.takeDirty();
            pass.freed = allocator.takeUnstable();
        } finally {
            locks.allocator.unlock();
        }
        pass.l2 = l2.takeDirty(copies);
        locks.allocator.lock();
        try {
            if (lazy) {
                pass.owesRefcounts = !refcounts.pieces().dirty().isEmpty();
                return pass;
            }
            pass.fits = tableFits();
            if (!pass.fits) {
                return pass;
            }
            for (RefcountPieces.Piece piece : refcounts.pieces().dirty()) {
                pass.refcounts.add(new Copy(
                        piece, copies.allocate(piece.memory.byteSize(), 8).copyFrom(piece.memory)));
                piece.dirty = false;
                piece.writing = true;
            }
            if (refcounts.tableDirty()) {
                pass.refcountTable = refcounts.table().clone();
                refcounts.tableWritten(false);
            }
        } finally {
            locks.allocator.unlock();
        }
        return pass;
    }

    private void write(Pass pass) {
        headerWriter.settle();
        if (pass.owesRefcounts) {
            markDirty();
        }
        writeRefcounts(pass);
        barrier();
        if (pass.refcountTable != null) {
            events.raise(BlockEvent.REFBLOCK_ALLOC_HOOKUP);
            writeTable(header.refcountTableOffsetBytes(), pass.refcountTable);
            file.flush();
        }
        if (!pass.l2.isEmpty()) {
            for (L2Cache.Copied copied : pass.l2) {
                events.raise(BlockEvent.L2_UPDATE);
                file.write(copied.offsetBytes(), copied.content());
            }
            file.flush();
        }
        if (pass.l1 != null) {
            events.raise(BlockEvent.L1_UPDATE);
            writeTable(header.l1OffsetBytes(), pass.l1);
            file.flush();
        }
    }

    private void writeRefcounts(Pass pass) {
        for (Copy copy : pass.refcounts) {
            boolean created = copy.piece().created;
            events.raise(created ? BlockEvent.REFBLOCK_ALLOC_WRITE : BlockEvent.REFBLOCK_UPDATE_PART);
            file.write(copy.piece().offsetBytes, copy.content());
            copy.piece().created = false;
        }
    }

    /** Refcounts and the guest's data are stable. */
    private void barrier() {
        file.flush();
        if (data != file) {
            data.flush();
        }
    }

    private void settle(Pass pass, boolean failed) {
        l2.written(pass.l2, failed);
        locks.allocator.lock();
        try {
            for (Copy copy : pass.refcounts) {
                copy.piece().writing = false;
                copy.piece().dirty |= failed;
            }
            if (failed && pass.refcountTable != null) {
                refcounts.tableWritten(true);
            }
            if (failed && pass.l1 != null) {
                l1.markDirty();
            }
            if (failed) {
                allocator.putBack(pass.freed);
            } else {
                allocator.becameStable(pass.freed);
            }
        } finally {
            locks.allocator.unlock();
        }
    }

    private void writeTable(long offsetBytes, long[] table) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[table.length * Long.BYTES]);
        for (int i = 0; i < table.length; i++) {
            bytes.setAtIndex(WORD, i, table[i]);
        }
        file.write(offsetBytes, bytes);
    }

    /** Finds a new place for a refcount table that has become longer than its place on disk. */
    private void growRefcountTable() {
        int perCluster = geometry.clusterBytes() / Long.BYTES;
        while (!tableFits()) {
            int clusters = (refcounts.table().length + perCluster - 1) / perCluster;
            events.raise(BlockEvent.REFTABLE_GROW);
            long place = allocator.allocate(clusters);
            if (refcounts.table().length > clusters * perCluster) {
                freeTable(place, clusters); // it grew once more for its own clusters
            } else {
                moveRefcountTable(place, clusters);
            }
        }
    }

    private boolean tableFits() {
        return refcounts.table().length <= header.refcountTableClusters() * (geometry.clusterBytes() / Long.BYTES);
    }

    private void freeTable(long offsetBytes, int clusters) {
        locks.allocator.lock();
        try {
            allocator.free(offsetBytes, clusters);
        } finally {
            locks.allocator.unlock();
        }
    }

    /** The refcounts of the new place, then the table, then the header that refers to it. */
    private void moveRefcountTable(long place, int clusters) {
        try (Arena copies = Arena.ofConfined()) {
            Pass pass = new Pass();
            locks.allocator.lock();
            try {
                for (RefcountPieces.Piece piece : refcounts.pieces().dirty()) {
                    pass.refcounts.add(new Copy(
                            piece, copies.allocate(piece.memory.byteSize(), 8).copyFrom(piece.memory)));
                }
                pass.refcountTable = refcounts.fullTable(clusters * geometry.clusterBytes() / Long.BYTES);
            } finally {
                locks.allocator.unlock();
            }
            events.raise(BlockEvent.REFBLOCK_ALLOC_WRITE_BLOCKS);
            for (Copy copy : pass.refcounts) {
                file.write(copy.piece().offsetBytes, copy.content());
            }
            events.raise(BlockEvent.REFBLOCK_ALLOC_WRITE_TABLE);
            writeTable(place, pass.refcountTable);
            file.flush();
        }
        long oldPlace = header.refcountTableOffsetBytes();
        int oldClusters = header.refcountTableClusters();
        events.raise(BlockEvent.REFBLOCK_ALLOC_SWITCH_TABLE);
        headerWriter.write(h -> h.setRefcountTable(place, clusters));
        allocator.metadataMoved(place, clusters);
        freeTable(oldPlace, oldClusters);
    }
}
