package ringside.emulator.block.qcow2.tool;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.RefcountCodec;

/**
 * Mends refcounts: where a block is there, in place; otherwise all of them are written anew behind everything, and the old
 * ones become free. Then the flags that follow from them.
 */
final class Qcow2Repair {
    private final BlockFile file;
    private final String image;
    private final Qcow2Check.Repair repair;
    private final Qcow2Header header;
    private final Qcow2Geometry geometry;

    Qcow2Repair(BlockFile file, String image, Qcow2Check.Repair repair) {
        this.file = file;
        this.image = image;
        this.repair = repair;
        this.header = Qcow2Header.read(file, image);
        this.geometry = header.geometry();
    }

    void run() {
        ReferenceCounts counts = Qcow2Check.references(file, image, true);
        boolean anew = repair == Qcow2Check.Repair.ALL && (!mendInPlace(counts) || overlapping(counts));
        if (repair == Qcow2Check.Repair.LEAKS) {
            mendInPlace(counts);
        } else if (anew) {
            rebuild(Qcow2Check.references(file, image, false));
        }
        file.flush();
        if (repair == Qcow2Check.Repair.ALL) {
            Qcow2Header now = Qcow2Header.read(file, image);
            new CopiedFlags(file, now, new RecordedRefcounts(file, now), new CheckResult()).check(true);
            file.flush();
        }
    }

    /** Whether a refcount block is used for something else as well, so that writing it would do harm. */
    private boolean overlapping(ReferenceCounts counts) {
        for (long entry : RecordedRefcounts.table(file, header)) {
            long block = entry & -512L;
            boolean bad = (entry & 511) != 0
                    || block != 0
                            && (geometry.clusterStart(block) != block
                                    || block >= file.lengthBytes()
                                    || counts.of(block >>> geometry.clusterBits()) != 1);
            if (bad) {
                return true;
            }
        }
        return false;
    }

    /** Returns false when a refcount has no block. */
    private boolean mendInPlace(ReferenceCounts counts) {
        if (overlapping(counts)) {
            return false;
        }
        RecordedRefcounts recorded = new RecordedRefcounts(file, header);
        boolean all = true;
        for (long cluster = 0; ; cluster++) {
            cluster = Math.min(counts.nextCandidate(cluster), recorded.nextCandidate(cluster));
            if (cluster == Long.MAX_VALUE) {
                return all;
            }
            long now = recorded.of(cluster);
            long right = storable(counts.of(cluster));
            boolean leak = Long.compareUnsigned(now, right) > 0;
            if (leak || now != right && repair == Qcow2Check.Repair.ALL) {
                all &= recorded.set(cluster, right);
            }
        }
    }

    /** As many references as a refcount can say: a cluster that has more must not become free before they are all gone. */
    private long storable(long references) {
        long most = geometry.maxRefcount();
        return Long.compareUnsigned(references, most) > 0 ? most : references;
    }

    /** Writes refcount blocks and table behind the last cluster in use, and last the header that refers to them. */
    private void rebuild(ReferenceCounts counts) {
        long used = Math.max(counts.highest() + 1, geometry.clusters(file.lengthBytes()));
        int perBlock = geometry.refcountsPerBlock();
        int perTable = geometry.clusterBytes() / Long.BYTES;
        long blocks = 0;
        long tables = 0;
        for (boolean grown = true; grown; ) {
            long clusters = used + blocks + tables;
            long neededBlocks = (clusters + perBlock - 1) / perBlock;
            long neededTables = (neededBlocks + perTable - 1) / perTable;
            grown = neededBlocks > blocks || neededTables > tables;
            blocks = Math.max(blocks, neededBlocks);
            tables = Math.max(tables, neededTables);
        }
        List<Long> table = new ArrayList<>();
        for (long block = 0; block < blocks; block++) {
            writeBlock(counts, block, used, blocks + tables);
            table.add(used + block << geometry.clusterBits());
        }
        long[] entries = new long[(int) tables * perTable];
        for (int i = 0; i < table.size(); i++) {
            entries[i] = table.get(i);
        }
        long tableOffset = used + blocks << geometry.clusterBits();
        Tables.write(file, tableOffset, entries);
        file.flush();
        header.setRefcountTable(tableOffset, (int) tables);
        file.write(0, MemorySegment.ofArray(header.toCluster()));
    }

    private void writeBlock(ReferenceCounts counts, long index, long newFrom, long newClusters) {
        MemorySegment block = MemorySegment.ofArray(new byte[geometry.clusterBytes()]);
        long first = index * geometry.refcountsPerBlock();
        for (int i = 0; i < geometry.refcountsPerBlock(); i++) {
            long cluster = first + i;
            boolean ours = cluster >= newFrom && cluster < newFrom + newClusters;
            RefcountCodec.set(block, geometry.refcountOrder(), i, ours ? 1 : storable(counts.of(cluster)));
        }
        file.write(newFrom + index << geometry.clusterBits(), block);
    }

    /** The image is as it should be, so nothing needs to say otherwise. */
    static void clearFlags(BlockFile file, String image) {
        Qcow2Header header = Qcow2Header.read(file, image);
        if (header.has(Qcow2Feature.DIRTY) || header.has(Qcow2Feature.CORRUPT)) {
            header.set(Qcow2Feature.DIRTY, false);
            header.set(Qcow2Feature.CORRUPT, false);
            file.flush();
            file.write(0, MemorySegment.ofArray(header.toCluster()));
            file.flush();
        }
    }
}
