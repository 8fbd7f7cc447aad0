package ringside.emulator.block.qcow2.tool;

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
        long[] l1 = Tables.read(file, header.l1OffsetBytes(), header.l1Entries());
        for (int i = 0; i < l1.length; i++) {
            long table = l1[i] & L2Entry.OFFSET_MASK;
            if (table == 0 || geometry.clusterStart(table) != table || table >= file.lengthBytes()) {
                continue;
            }
            boolean one = recorded.of(table >>> geometry.clusterBits()) == 1;
            if (one != ((l1[i] & L2Entry.COPIED) != 0)) {
                wrong("L1 entry " + i, header.l1OffsetBytes() + (long) i * Long.BYTES, l1[i], mend);
            }
            checkTable(table, mend);
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
                wrong("L2 entry at byte " + at, at, entry, mend);
            }
        }
    }

    private void wrong(String what, long at, long entry, boolean mend) {
        result.corruption(what + " has a wrong OFLAG_COPIED");
        if (mend) {
            Tables.writeEntry(file, at, entry ^ L2Entry.COPIED);
        }
    }
}
