package ringside.emulator.block.qcow2.tool;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** The flag that says that a refcount is exactly 1, in the tables of the active image. */
final class CopiedFlags {
    private final BlockFile file;
    private final Qcow2Header header;
    private final Qcow2Geometry geometry;
    private final RecordedRefcounts recorded;
    private final CheckResult result;
    private int repeated;

    CopiedFlags(BlockFile file, Qcow2Header header, RecordedRefcounts recorded, CheckResult result) {
        this.file = file;
        this.header = header;
        this.geometry = header.geometry();
        this.recorded = recorded;
        this.result = result;
    }

    /** @param mend whether wrong flags are corrected */
    void check(boolean mend) {
        if (header.l1OffsetBytes() + (long) header.l1Entries() * Long.BYTES
                > geometry.clusters(file.lengthBytes()) << geometry.clusterBits()) {
            return; // said already
        }
        Set<Long> seen = new HashSet<>();
        Tables.forEach(
                file, header.l1OffsetBytes(), header.l1Entries(), (index, entry) -> checkL1(index, entry, seen, mend));
    }

    private void checkL1(int index, long entry, Set<Long> seen, boolean mend) {
        long table = entry & L2Entry.OFFSET_MASK;
        if (repeated > Qcow2Check.MAX_REPEATED
                || table == 0
                || geometry.clusterStart(table) != table
                || table >= file.lengthBytes()) {
            return;
        }
        boolean one = recorded.of(table >>> geometry.clusterBits()) == 1;
        if (one != ((entry & L2Entry.COPIED) != 0)) {
            wrong(() -> "L1 entry " + index, header.l1OffsetBytes() + (long) index * Long.BYTES, entry, mend);
        }
        if (seen.add(table)) {
            checkTable(table, mend);
        } else {
            repeated++; // a hostile image leads to one table by millions of entries
        }
    }

    private void checkTable(long table, boolean mend) {
        int words = geometry.l2EntryBytes() / Long.BYTES;
        long[] l2 = Tables.read(file, table, geometry.l2Entries() * words);
        for (int i = 0; i < geometry.l2Entries(); i++) {
            long entry = l2[i * words];
            long offset = L2Entry.offset(entry);
            if (L2Entry.compressed(entry) || offset == 0 || geometry.clusterStart(offset) != offset) {
                continue;
            }
            boolean one = header.has(Qcow2Feature.DATA_FILE) || recorded.of(offset >>> geometry.clusterBits()) == 1;
            if (one != ((entry & L2Entry.COPIED) != 0)) {
                long at = table + (long) i * geometry.l2EntryBytes();
                wrong(() -> "L2 entry at byte " + at, at, entry, mend);
            }
        }
    }

    private void wrong(Supplier<String> what, long at, long entry, boolean mend) {
        result.corruption(() -> what.get() + " has a wrong OFLAG_COPIED");
        if (mend) {
            Tables.writeEntry(file, at, entry ^ L2Entry.COPIED);
        }
    }
}
