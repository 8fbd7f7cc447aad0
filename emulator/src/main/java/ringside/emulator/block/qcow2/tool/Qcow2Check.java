package ringside.emulator.block.qcow2.tool;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.format.Snapshot;
import ringside.emulator.block.qcow2.format.SnapshotTable;

/**
 * Checks an image that nobody writes: counts every reference to every cluster and compares with the refcounts (QEMU:
 * {@code qemu-img check}).
 */
public final class Qcow2Check {
    private static final long BLOCK_MASK = -512L;
    private static final long BLOCK_RESERVED = 511;
    private static final long BITMAP_MASK = L2Entry.OFFSET_MASK;

    /** An L1 table that leads to the same tables more often than this is looked at no further. */
    static final int MAX_REPEATED = 10_000;

    /** What to mend. */
    public enum Repair {
        /** Nothing. */
        NONE,
        /** Leaks. */
        LEAKS,
        /** Everything that can be. */
        ALL
    }

    private final BlockFile file;
    private final String image;
    private final Qcow2Header header;
    private final Qcow2Geometry geometry;
    private final CheckResult result = new CheckResult();
    private final ReferenceCounts counts;
    private final boolean dataFile;
    private long nextOfRun;

    private Qcow2Check(BlockFile file, String image) {
        this.file = file;
        this.image = image;
        this.header = Qcow2Header.read(file, image);
        this.geometry = header.geometry();
        this.counts = new ReferenceCounts(geometry, file.lengthBytes(), result);
        this.dataFile = header.has(Qcow2Feature.DATA_FILE);
    }

    /**
     * Checks an image and mends it.
     *
     * @param file what stores the image; written only for a repair
     * @param image name for messages
     * @throws InvalidImageException when the header, or a table that it names, cannot be read at all
     */
    public static CheckResult check(BlockFile file, String image, Repair repair) {
        CheckResult found = new Qcow2Check(file, image).run();
        if (repair == Repair.NONE || found.clean() && !flagged(file, image)) {
            return found;
        }
        new Qcow2Repair(file, image, repair).run();
        CheckResult left = new Qcow2Check(file, image).run();
        found.corruptionsFixed = Math.max(0, found.corruptions - left.corruptions);
        found.leaksFixed = Math.max(0, found.leaks - left.leaks);
        found.corruptions = left.corruptions;
        found.leaks = left.leaks;
        found.imageEndOffset = left.imageEndOffset;
        if (repair == Repair.ALL && left.corruptions == 0) {
            Qcow2Repair.clearFlags(file, image);
        }
        return found;
    }

    private static boolean flagged(BlockFile file, String image) {
        Qcow2Header header = Qcow2Header.read(file, image);
        return header.has(Qcow2Feature.DIRTY) || header.has(Qcow2Feature.CORRUPT);
    }

    private CheckResult run() {
        count();
        compare();
        return result;
    }

    /** All references, with or without those to the refcounts themselves. */
    static ReferenceCounts references(BlockFile file, String image, boolean refcounts) {
        Qcow2Check check = new Qcow2Check(file, image);
        check.countData();
        if (refcounts) {
            check.countRefcounts();
        }
        return check.counts;
    }

    /** Counts all references; with it goes all that is wrong with the tables themselves. */
    private void count() {
        countData();
        countRefcounts();
    }

    private void countData() {
        result.totalClusters = geometry.clusters(header.sizeBytes());
        counts.refer(0, geometry.clusterBytes(), () -> "the header");
        countL1(header.l1OffsetBytes(), header.l1Entries(), "the active image", true);
        if (header.snapshots() > 0) {
            SnapshotTable.Read snapshots = SnapshotTable.read(file, header, image);
            counts.refer(header.snapshotsOffsetBytes(), snapshots.bytes(), () -> "the snapshot table");
            for (Snapshot snapshot : snapshots.snapshots()) {
                countSnapshot(snapshot);
            }
        }
        countBitmaps();
    }

    private void countSnapshot(Snapshot snapshot) {
        String name = "snapshot " + snapshot.id();
        boolean aligned = geometry.clusterStart(snapshot.l1OffsetBytes()) == snapshot.l1OffsetBytes();
        boolean small = snapshot.l1Entries() >= 0 && snapshot.l1Entries() <= Qcow2Layout.MAX_L1_BYTES / Long.BYTES;
        if (aligned && small) {
            countL1(snapshot.l1OffsetBytes(), snapshot.l1Entries(), name, false);
        } else {
            result.corruption(() -> name + ": the L1 table cannot be where it is said to be");
        }
    }

    private void countL1(long offset, int entries, String of, boolean active) {
        if (entries == 0
                || !counts.refer(offset, (long) entries * Long.BYTES, () -> "the header, by the L1 table of " + of)) {
            return;
        }
        Set<Long> seen = new HashSet<>();
        int[] at = new int[1]; // one text for all entries: a hostile table has millions
        Supplier<String> by = () -> "L1 entry %d of %s".formatted(at[0], of);
        int[] repeated = new int[1];
        Tables.forEach(file, offset, entries, (index, entry) -> {
            at[0] = index;
            if (repeated[0] < MAX_REPEATED && countL1Entry(entry, by, seen, active, of)) {
                repeated[0]++;
            }
        });
    }

    /** Returns whether the table has been led to before, which it never is in an image that is in order. */
    private boolean countL1Entry(long entry, Supplier<String> by, Set<Long> seen, boolean active, String of) {
        long table = entry & L2Entry.OFFSET_MASK;
        if ((entry & L2Entry.L1_RESERVED) != 0) {
            result.corruption(() -> by.get() + " has reserved bits set");
        }
        if (table == 0) {
            return false;
        }
        if (geometry.clusterStart(table) != table) {
            result.corruption(() -> "%s leads to byte %d, where no cluster begins".formatted(by.get(), table));
        } else if (counts.refer(table, geometry.clusterBytes(), by)) {
            if (!seen.add(table)) {
                return true;
            }
            countL2(table, active, of);
        }
        return false;
    }

    private void countL2(long table, boolean active, String of) {
        nextOfRun = 0; // QEMU counts fragments within a table
        int words = geometry.l2EntryBytes() / Long.BYTES;
        long[] l2 = Tables.read(file, table, geometry.l2Entries() * words);
        for (int i = 0; i < geometry.l2Entries(); i++) {
            long bitmap = geometry.extendedL2() ? l2[i * words + 1] : 0;
            countEntry(l2[i * words], bitmap, table + (long) i * geometry.l2EntryBytes(), active, of);
        }
    }

    private void countEntry(long entry, long bitmap, long at, boolean active, String of) {
        Supplier<String> by = () -> "the L2 entry of %s at byte %d".formatted(of, at);
        if (L2Entry.compressed(entry)) {
            countCompressed(entry, bitmap, by, active);
            return;
        }
        boolean reserved = (entry & L2Entry.RESERVED) != 0 || geometry.extendedL2() && (entry & L2Entry.ZERO) != 0;
        if (reserved) {
            result.corruption(() -> by.get() + " has reserved bits set");
        }
        if (L2Entry.contradictory(bitmap)) {
            result.corruption(() -> by.get() + " says of a subcluster that it is stored and that it is zero");
        }
        long offset = L2Entry.offset(entry);
        if (offset == 0 && !isFirstOfDataFile(entry)) {
            if ((bitmap & 0xffff_ffffL) != 0) {
                result.corruption(() -> by.get() + " has stored subclusters, but no place");
            }
            return;
        }
        if (geometry.clusterStart(offset) != offset) {
            result.corruption(() -> "%s leads to byte %d, where no cluster begins".formatted(by.get(), offset));
            return;
        }
        if (active) {
            result.allocatedClusters++;
            if (nextOfRun != 0 && offset != nextOfRun) {
                result.fragmentedClusters++;
            }
            nextOfRun = offset + geometry.clusterBytes();
        }
        if (!dataFile) {
            counts.refer(offset, geometry.clusterBytes(), by);
        }
    }

    /** Place 0 of a data file is one; of zeroes that are kept there QEMU says that they have no place. */
    private boolean isFirstOfDataFile(long entry) {
        return dataFile && (entry & L2Entry.COPIED) != 0 && (entry & L2Entry.ZERO) == 0;
    }

    private void countCompressed(long entry, long bitmap, Supplier<String> by, boolean active) {
        if ((entry & L2Entry.COPIED) != 0 || dataFile || bitmap != 0) {
            result.corruption(() -> by.get() + " is compressed and says what no compressed entry can");
        }
        if (dataFile) {
            return;
        }
        long offset = L2Entry.compressedOffset(entry, geometry.clusterBits()) & BLOCK_MASK;
        long end = L2Entry.compressedOffset(entry, geometry.clusterBits())
                + L2Entry.compressedBytes(entry, geometry.clusterBits());
        long inFile = Math.min(end, geometry.clusters(file.lengthBytes()) << geometry.clusterBits());
        counts.refer(offset, Math.max(inFile, offset + 1) - offset, by);
        if (active) {
            result.allocatedClusters++;
            result.compressedClusters++;
            result.fragmentedClusters++; // by their nature
        }
    }

    /** Bitmaps that nobody believes any more are not referred to. */
    private void countBitmaps() {
        if (!header.has(Qcow2Feature.BITMAPS)) {
            return;
        }
        BitmapDirectory.read(file, header, image).ifPresent(directory -> {
            counts.refer(
                    directory.offsetBytes(), directory.lengthBytes(), () -> "the header, by the directory of bitmaps");
            for (BitmapDirectory.Bitmap bitmap : directory.bitmaps()) {
                countBitmap(bitmap);
            }
        });
    }

    private void countBitmap(BitmapDirectory.Bitmap bitmap) {
        long bytes = (long) bitmap.tableEntries() * Long.BYTES;
        if (!counts.refer(bitmap.tableOffsetBytes(), bytes, () -> "bitmap " + bitmap.name())) {
            return;
        }
        for (long entry : Tables.read(file, bitmap.tableOffsetBytes(), bitmap.tableEntries())) {
            if ((entry & BITMAP_MASK) != 0) {
                counts.refer(entry & BITMAP_MASK, geometry.clusterBytes(), () -> "bitmap " + bitmap.name());
            }
        }
    }

    private void countRefcounts() {
        long tableBytes = (long) header.refcountTableClusters() << geometry.clusterBits();
        if (!counts.refer(header.refcountTableOffsetBytes(), tableBytes, () -> "the header, by the refcount table")) {
            return;
        }
        long[] table = RecordedRefcounts.table(file, header);
        for (int i = 0; i < table.length; i++) {
            int index = i;
            long block = table[i] & BLOCK_MASK;
            if ((table[i] & BLOCK_RESERVED) != 0) {
                result.corruption(() -> "refcount table entry %d has reserved bits set".formatted(index));
            }
            if (block == 0) {
                continue;
            }
            if (geometry.clusterStart(block) != block) {
                result.corruption(
                        () -> "refcount block %d is at byte %d, where no cluster begins".formatted(index, block));
            } else if (counts.refer(block, geometry.clusterBytes(), () -> "refcount table entry " + index)
                    && counts.of(block >>> geometry.clusterBits()) != 1) {
                result.corruption(() -> "refcount block %d at byte %d is also used otherwise".formatted(index, block));
            }
        }
    }

    /** The next cluster that is referred to or has a refcount. */
    private long next(RecordedRefcounts recorded, long cluster) {
        return Math.min(counts.nextCandidate(cluster), recorded.nextCandidate(cluster));
    }

    private void compare() {
        RecordedRefcounts recorded = new RecordedRefcounts(file, header);
        for (long cluster = next(recorded, 0); cluster < Long.MAX_VALUE; cluster = next(recorded, cluster + 1)) {
            long at = cluster;
            long recordedCount = recorded.of(cluster);
            long counted = counts.of(cluster);
            if (Long.compareUnsigned(recordedCount, counted) < 0) {
                result.corruption(() -> "cluster %d refcount=%d reference=%d".formatted(at, recordedCount, counted));
            } else if (recordedCount != counted) {
                result.leak(() -> "cluster %d refcount=%s reference=%d"
                        .formatted(at, Long.toUnsignedString(recordedCount), counted));
            }
            if (recordedCount != 0 || counted != 0) {
                result.imageEndOffset = cluster + 1 << geometry.clusterBits();
            }
        }
        new CopiedFlags(file, header, recorded, result).check(false);
    }
}
