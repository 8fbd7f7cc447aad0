package ringside.emulator.block.qcow2;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongSupplier;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.ffi.Errno;

/**
 * The blocking side of an image, which knows all that the format can do. Loops hand over what they cannot do in memory. Any
 * number of threads.
 */
final class Qcow2File implements BlockFile {
    private static final int PIECE_CLUSTERS = 4096;

    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;
    private final BlockFile file;
    private final BlockFile data;
    private final BackingSource backing;
    private final ClusterCodec codec;
    private final LongSupplier sizeBytes;
    private final ClusterWriter writer;
    private final ClusterZeroer zeroer;
    private final Activity activity;

    Qcow2File(Qcow2Metadata metadata, BackingSource backing, ClusterCodec codec, LongSupplier sizeBytes) {
        this.metadata = metadata;
        this.geometry = metadata.geometry();
        this.file = metadata.parts().file();
        this.data = metadata.parts().data();
        this.backing = backing;
        this.codec = codec;
        this.sizeBytes = sizeBytes;
        this.writer = new ClusterWriter(metadata, this, backing);
        this.zeroer = new ClusterZeroer(metadata, this, backing);
        this.activity = new Activity(metadata.parts().grace());
    }

    /** Blocking I/O as a member of the grace: it begins and ends under a lock. */
    private static final class Activity extends Grace.Member {
        Activity(Grace grace) {
            super(grace);
            grace.join(this);
        }

        @Override
        synchronized void poke() {
            advance();
        }

        synchronized long enter() {
            return begin();
        }

        synchronized void exit(long begun) {
            end(begun);
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        long begun = activity.enter();
        try {
            long there = Math.clamp(sizeBytes.getAsLong() - offsetBytes, 0, into.byteSize());
            readInside(offsetBytes, into.asSlice(0, there));
            into.asSlice(there).fill((byte) 0);
        } finally {
            activity.exit(begun);
        }
    }

    /** Reads without an end of the disk: the rest of its last cluster, too. */
    void readInside(long offsetBytes, MemorySegment into) {
        ExtentFinder finder = metadata.finder();
        Extent extent = new Extent();
        for (long done = 0; done < into.byteSize(); done += extent.lengthBytes) {
            metadata.find(finder, offsetBytes + done, into.byteSize() - done, extent);
            MemorySegment part = into.asSlice(done, extent.lengthBytes);
            switch (extent.kind) {
                case DATA -> {
                    metadata.events().raise(BlockEvent.READ_AIO);
                    data.read(extent.hostBytes, part);
                }
                case ZERO -> part.fill((byte) 0);
                case UNALLOCATED -> {
                    metadata.events().raise(BlockEvent.READ_BACKING_AIO);
                    backing.read(offsetBytes + done, part);
                }
                case COMPRESSED -> readCompressed(offsetBytes + done, extent.entry, part);
            }
        }
    }

    private void readCompressed(long guestOffset, long entry, MemorySegment into) {
        byte[] stored = new byte[L2Entry.compressedBytes(entry, geometry.clusterBits())];
        long offset = L2Entry.compressedOffset(entry, geometry.clusterBits());
        if (offset + stored.length > file.lengthBytes() + geometry.clusterBytes()) {
            throw Corruption.error("compressed data of guest byte %d are behind the end".formatted(guestOffset));
        }
        metadata.events().raise(BlockEvent.READ_COMPRESSED);
        file.read(offset, MemorySegment.ofArray(stored));
        byte[] cluster = codec.decode(stored, geometry.clusterBytes());
        long within = guestOffset & geometry.clusterBytes() - 1;
        MemorySegment.copy(cluster, (int) within, into, ValueLayout.JAVA_BYTE, 0, (int) into.byteSize());
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        changing(offsetBytes, from.byteSize(), () -> writer.write(offsetBytes, from));
    }

    /** Writes one whole cluster compressed, or as it is where that saves nothing. It must not have been written before. */
    void writeCompressed(long offsetBytes, MemorySegment from) {
        changing(offsetBytes, from.byteSize(), () -> writer.writeCompressed(offsetBytes, from, codec));
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        inPieces(offsetBytes, lengthBytes, (at, here) -> zeroer.zero(at, here, mayUnmap));
    }

    /** Zeroes that stay when the image gets another backing file. */
    void keepZeroes(long offsetBytes, long lengthBytes) {
        inPieces(offsetBytes, lengthBytes, zeroer::keepZero);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        inPieces(offsetBytes, lengthBytes, zeroer::discard);
    }

    /** A part of a long range. */
    private interface Piece {
        void change(long at, long length);
    }

    /** A range without data may be as long as the disk: all of its clusters at a time would be millions of entries to hold. */
    private void inPieces(long offsetBytes, long lengthBytes, Piece piece) {
        requireInside(offsetBytes, lengthBytes);
        long end = offsetBytes + lengthBytes;
        for (long at = offsetBytes; at < end; ) {
            long from = at;
            long to = Math.min(end, geometry.clusterStart(at) + ((long) PIECE_CLUSTERS << geometry.clusterBits()));
            changing(from, to - from, () -> piece.change(from, to - from));
            at = to;
        }
    }

    private void requireInside(long offsetBytes, long lengthBytes) {
        if (offsetBytes < 0 || lengthBytes > sizeBytes.getAsLong() - offsetBytes) {
            throw new BlockIoException(Errno.EIO, "qcow2: write behind the end at byte " + offsetBytes);
        }
    }

    /** Runs a change of the clusters of a range, alone among those who change them. */
    private void changing(long offsetBytes, long lengthBytes, Runnable change) {
        if (lengthBytes == 0) {
            return;
        }
        requireInside(offsetBytes, lengthBytes);
        long first = offsetBytes >>> geometry.clusterBits();
        long last = offsetBytes + lengthBytes - 1 >>> geometry.clusterBits();
        metadata.clusters().acquire(first, last);
        long begun = activity.enter();
        try {
            metadata.requireWritable();
            change.run();
        } finally {
            activity.exit(begun);
            metadata.clusters().release(first, last);
        }
    }

    @Override
    public void flush() {
        metadata.flush();
    }

    @Override
    public long lengthBytes() {
        return sizeBytes.getAsLong();
    }

    @Override
    public void truncate(long lengthBytes) {
        throw new IllegalArgumentException("qcow2: use resize to change the size of an image");
    }

    /** Memory for one cluster, to be used until the arena is closed. */
    MemorySegment clusterBuffer(Arena arena) {
        return arena.allocate(geometry.clusterBytes(), 4096);
    }

    void leave() {
        metadata.parts().grace().leave(activity);
    }
}
