package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.format.RefcountCodec;
import ringside.emulator.ffi.Errno;

/**
 * The refcounts of an image, in memory and written back by {@link WriteBack}. What is missing in memory is loaded by
 * {@link #load}, which does I/O and is called without a lock; everything else is under the allocator's lock and does none.
 */
final class Refcounts {
    /** Instead of a refcount: it has to be loaded first. */
    static final long NOT_LOADED = -1;

    private static final long OFFSET_MASK = -512L;
    private static final int MAX_TABLE_ENTRIES = (int) (Qcow2Layout.MAX_REFCOUNT_TABLE_BYTES / Long.BYTES);

    private final Qcow2Geometry geometry;
    private final BlockFile file;
    private final BlockEvents events;
    private final RefcountPieces pieces;
    private final ImageLocks locks;
    private final MetadataMap metadata;

    /** Blocks at a place that belongs to something else as well; since the opening. */
    private final BitSet suspects = new BitSet();

    /** Where each refcount block is; longer than on disk when the table has to move. */
    private long[] table;

    private boolean tableDirty;

    Refcounts(
            Qcow2Geometry geometry,
            BlockFile file,
            BlockEvents events,
            RefcountPieces pieces,
            ImageLocks locks,
            MetadataMap metadata,
            long[] table) {
        this.geometry = geometry;
        this.file = file;
        this.events = events;
        this.pieces = pieces;
        this.locks = locks;
        this.metadata = metadata;
        this.table = table;
    }

    RefcountPieces pieces() {
        return pieces;
    }

    /** Entries of the table in memory. */
    long[] table() {
        return table;
    }

    /** The table with zeroes behind it. */
    long[] fullTable(int entries) {
        return Arrays.copyOf(table, entries);
    }

    boolean tableDirty() {
        return tableDirty;
    }

    void tableWritten(boolean failed) {
        tableDirty = failed;
    }

    /** A block's cluster is something else as well. Only while the image is opened. */
    void suspect(int block) {
        suspects.set(block);
    }

    private void requireInPlace(long cluster) {
        long offset = table[blockOf(cluster)] & OFFSET_MASK;
        if (suspects.get(blockOf(cluster)) || (offset & geometry.clusterBytes() - 1) != 0) {
            throw metadata.corruption(
                    "the refcount block at byte %d is also something else, or not where a cluster begins"
                            .formatted(offset));
        }
    }

    private int blockOf(long cluster) {
        return (int) (cluster >>> geometry.refcountBlockBits());
    }

    private boolean hasBlock(long cluster) {
        long block = cluster >>> geometry.refcountBlockBits();
        return block < table.length && (table[(int) block] & OFFSET_MASK) != 0;
    }

    /** Where in the file the piece with a cluster's refcount begins. */
    private long pieceOffset(long cluster) {
        return (table[blockOf(cluster)] & OFFSET_MASK)
                + byteInBlock(cluster) / pieces.pieceBytes() * pieces.pieceBytes();
    }

    private long byteInBlock(long cluster) {
        long index = cluster & geometry.refcountsPerBlock() - 1;
        return index << geometry.refcountOrder() >>> 3;
    }

    private int indexInPiece(long cluster) {
        int perPiece = pieces.pieceBytes() * 8 >>> geometry.refcountOrder();
        return (int) cluster & perPiece - 1;
    }

    /** The refcount of a cluster, or {@link #NOT_LOADED}. Where there is no refcount block, it is 0. */
    long get(long cluster) {
        if (!hasBlock(cluster)) {
            return 0;
        }
        RefcountPieces.Piece piece = pieces.get(pieceOffset(cluster));
        return piece == null
                ? NOT_LOADED
                : RefcountCodec.get(piece.memory, geometry.refcountOrder(), indexInPiece(cluster));
    }

    /** Sets a refcount whose piece is loaded and whose block exists. */
    void set(long cluster, long refcount) {
        RefcountPieces.Piece piece = pieces.get(pieceOffset(cluster));
        RefcountCodec.set(piece.memory, geometry.refcountOrder(), indexInPiece(cluster), refcount);
        piece.dirty = true;
    }

    /** Whether a cluster's refcount can be set: its block exists and the piece is loaded. */
    boolean settable(long cluster) {
        return hasBlock(cluster) && pieces.get(pieceOffset(cluster)) != null;
    }

    boolean blockMissing(long cluster) {
        return !hasBlock(cluster);
    }

    /**
     * Makes the refcount block of a cluster, in the first cluster that it describes: none of those is in use, or there
     * would be a block. All of it is written with the next flush.
     *
     * @return offset of the new block
     */
    long createBlock(long cluster) {
        long first = cluster >>> geometry.refcountBlockBits() << geometry.refcountBlockBits();
        return createBlock(cluster, first);
    }

    /**
     * Makes the refcount block of a cluster in a given place.
     *
     * @param place a free cluster whose own refcount can be set once this block exists
     * @return offset of the new block
     */
    long createBlock(long cluster, long place) {
        events.raise(BlockEvent.REFBLOCK_ALLOC);
        int block = blockOf(cluster);
        if (block >= MAX_TABLE_ENTRIES) {
            throw new BlockIoException(Errno.EFBIG, "qcow2: the refcount table has its greatest length");
        }
        if (block >= table.length) {
            table = Arrays.copyOf(table, Math.clamp(table.length + table.length / 2, block + 1, MAX_TABLE_ENTRIES));
        }
        long offset = place << geometry.clusterBits();
        table[block] = offset;
        tableDirty = true;
        for (int at = 0; at < geometry.clusterBytes(); at += pieces.pieceBytes()) {
            RefcountPieces.Piece piece = pieces.add(offset + at, pieces.allocate());
            piece.dirty = true;
            piece.created = true;
        }
        set(place, 1);
        return offset;
    }

    /** The first cluster behind all that have a refcount block. */
    long firstWithoutBlocks() {
        int block = table.length;
        while (block > 0 && (table[block - 1] & OFFSET_MASK) == 0) {
            block--;
        }
        return (long) block << geometry.refcountBlockBits();
    }

    /** Loads the piece with a cluster's refcount. Does I/O; without a lock. */
    void load(long cluster) {
        long offset;
        locks.allocator.lock();
        try {
            if (!hasBlock(cluster) || pieces.get(pieceOffset(cluster)) != null) {
                return;
            }
            requireInPlace(cluster);
            offset = pieceOffset(cluster);
        } finally {
            locks.allocator.unlock();
        }
        MemorySegment content = pieces.allocate();
        events.raise(BlockEvent.REFBLOCK_LOAD);
        file.read(offset, content);
        locks.allocator.lock();
        try {
            if (pieces.get(offset) == null) {
                pieces.add(offset, content);
            }
        } finally {
            locks.allocator.unlock();
        }
    }
}
