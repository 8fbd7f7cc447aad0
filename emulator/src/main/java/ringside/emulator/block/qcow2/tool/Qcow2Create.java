package ringside.emulator.block.qcow2.tool;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.format.RefcountCodec;
import ringside.emulator.block.qcow2.tool.CreateOptions.Preallocation;

/**
 * Makes a qcow2 image. Its clusters are, in this order: header, refcount table, refcount blocks, L1 table, L2 tables, data; of
 * these the last two only where they are preallocated. The header is written last, so that an image that is not finished is
 * none.
 */
public final class Qcow2Create {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int TABLE_ENTRY_BYTES = 8;
    private static final int CHUNK_BYTES = 1 << 20;

    private final BlockFile file;
    private final Optional<BlockFile> dataFile;
    private final CreateOptions options;
    private final Qcow2Geometry geometry;
    private final long l1Entries;
    private final long l2Tables;
    private final long dataClusters;
    private long refcountBlocks;
    private long refcountTableClusters;

    private Qcow2Create(BlockFile file, Optional<BlockFile> dataFile, CreateOptions options) {
        this.file = file;
        this.dataFile = dataFile;
        this.options = options;
        this.geometry = options.geometry();
        this.l1Entries = geometry.l1Entries(options.sizeBytes());
        boolean allocates = options.preallocation() != Preallocation.OFF;
        this.l2Tables = allocates ? l1Entries : 0;
        this.dataClusters = allocates && dataFile.isEmpty() ? geometry.clusters(options.sizeBytes()) : 0;
    }

    /**
     * Makes an image in a file, whatever that held before.
     *
     * @param file gets the image; one that grows
     * @param dataFile gets the guest's data; exactly where the options name a data file
     * @throws IllegalArgumentException when the disk is too large for its clusters, in one line
     * @throws ringside.emulator.block.BlockIoException when the storage fails
     */
    public static void create(BlockFile file, Optional<BlockFile> dataFile, CreateOptions options) {
        if (dataFile.isPresent() != options.dataFile().isPresent()) {
            throw new IllegalArgumentException("qcow2: a data file is needed exactly where data_file names one");
        }
        new Qcow2Create(file, dataFile, options).create();
    }

    private void create() {
        layOut();
        file.truncate(0);
        file.truncate(clusters() << geometry.clusterBits());
        writeRefcounts();
        writeL1();
        for (long table = 0; table < l2Tables; table++) {
            writeL2(table);
        }
        preallocateData();
        file.flush(); // before the header makes it an image
        file.write(0, MemorySegment.ofArray(header().toCluster()));
        file.flush();
    }

    /** Refcount blocks count themselves, so their number is the smallest that covers all clusters. */
    private void layOut() {
        long tableBytes = Math.multiplyExact(l1Entries, TABLE_ENTRY_BYTES);
        if (tableBytes > Qcow2Layout.MAX_L1_BYTES) {
            throw tooLarge();
        }
        refcountBlocks = 1;
        refcountTableClusters = 1;
        long wanted = blocksFor(clusters());
        while (wanted != refcountBlocks) {
            refcountBlocks = wanted;
            refcountTableClusters = geometry.clusters(refcountBlocks * TABLE_ENTRY_BYTES);
            wanted = Math.max(refcountBlocks, blocksFor(clusters()));
        }
        if (refcountTableClusters << geometry.clusterBits() > Qcow2Layout.MAX_REFCOUNT_TABLE_BYTES) {
            throw tooLarge();
        }
    }

    private IllegalArgumentException tooLarge() {
        return new IllegalArgumentException("qcow2: " + options.sizeBytes() + " bytes are too many for clusters of "
                + options.clusterBytes() + ": use a larger cluster_size");
    }

    private long blocksFor(long clusters) {
        return (clusters + geometry.refcountsPerBlock() - 1) >>> geometry.refcountBlockBits();
    }

    private long clusters() {
        return firstData() + dataClusters;
    }

    private long firstBlock() {
        return 1 + refcountTableClusters;
    }

    private long firstL1() {
        return firstBlock() + refcountBlocks;
    }

    private long firstL2() {
        return firstL1() + geometry.clusters(l1Entries * TABLE_ENTRY_BYTES);
    }

    private long firstData() {
        return firstL2() + l2Tables;
    }

    private long offset(long cluster) {
        return cluster << geometry.clusterBits();
    }

    private void writeRefcounts() {
        MemorySegment table = table(refcountTableClusters);
        MemorySegment block = table(1);
        for (long i = 0; i < refcountBlocks; i++) {
            table.setAtIndex(LONG, i, offset(firstBlock() + i));
            long first = i << geometry.refcountBlockBits();
            int used = (int) Math.min(geometry.refcountsPerBlock(), clusters() - first);
            block.fill((byte) 0);
            for (int index = 0; index < used; index++) {
                RefcountCodec.set(block, geometry.refcountOrder(), index, 1);
            }
            file.write(offset(firstBlock() + i), block);
        }
        file.write(offset(1), table);
    }

    private MemorySegment table(long clusters) {
        return MemorySegment.ofArray(new byte[Math.toIntExact(clusters << geometry.clusterBits())]);
    }

    private void writeL1() {
        MemorySegment table = table(firstL2() - firstL1());
        for (long i = 0; i < l2Tables; i++) {
            table.setAtIndex(LONG, i, offset(firstL2() + i) | L2Entry.COPIED);
        }
        file.write(offset(firstL1()), table);
    }

    /** Every cluster has a place. With subclusters none of them counts as stored yet, as QEMU leaves it. */
    private void writeL2(long index) {
        MemorySegment table = table(1);
        long firstGuest = index << geometry.l2Bits();
        long guestClusters = geometry.clusters(options.sizeBytes());
        long entries = Math.min(geometry.l2Entries(), guestClusters - firstGuest);
        for (long i = 0; i < entries; i++) {
            long guest = firstGuest + i;
            long host = offset(dataFile.isPresent() ? guest : firstData() + guest);
            table.set(LONG, i * geometry.l2EntryBytes(), host | L2Entry.COPIED);
        }
        file.write(offset(firstL2() + index), table);
    }

    private void preallocateData() {
        BlockFile target = dataFile.orElse(file);
        long start = dataFile.isPresent() ? 0 : offset(firstData());
        if (dataFile.isPresent()) {
            target.truncate(0);
            target.truncate(options.sizeBytes());
        }
        long length = dataFile.isPresent() ? options.sizeBytes() : dataClusters << geometry.clusterBits();
        switch (options.preallocation()) {
            case OFF, METADATA -> {
                // the file is as long as it has to be, and sparse
            }
            case FALLOC -> {
                if (length > 0) {
                    target.writeZeroes(start, length, false);
                }
            }
            case FULL -> writeZeroes(target, start, length);
        }
        dataFile.ifPresent(BlockFile::flush);
    }

    private static void writeZeroes(BlockFile target, long start, long length) {
        MemorySegment zeroes = MemorySegment.ofArray(new byte[(int) Math.min(CHUNK_BYTES, length)]);
        for (long done = 0; done < length; done += CHUNK_BYTES) {
            target.write(start + done, zeroes.asSlice(0, Math.min(CHUNK_BYTES, length - done)));
        }
    }

    private Qcow2Header header() {
        Qcow2Header header = Qcow2Header.create(options.version(), geometry, options.sizeBytes());
        header.setL1(l1Entries == 0 ? 0 : offset(firstL1()), (int) l1Entries);
        header.setRefcountTable(offset(1), (int) refcountTableClusters);
        if (options.version() > 2) {
            header.set(Qcow2Feature.LAZY_REFCOUNTS, options.lazyRefcounts());
            header.set(Qcow2Feature.DATA_FILE, options.dataFile().isPresent());
            header.set(Qcow2Feature.RAW_DATA_FILE, options.dataFileRaw());
        }
        if (options.compression() != CompressionType.ZLIB) {
            header.setCompression(options.compression());
        }
        header.setBacking(options.backingFile(), options.backingFormat());
        header.setDataFile(options.dataFile());
        return header;
    }
}
