package ringside.emulator.block.qcow2.tool;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.RefcountCodec;

/** The refcounts as an image has them, one block in memory at a time. */
final class RecordedRefcounts {
    private static final long BLOCK_MASK = -512L;

    private final BlockFile file;
    private final Qcow2Geometry geometry;
    private final long fileBytes; // asked once: it is a system call, and every cluster needs it
    private final long[] table;
    private final MemorySegment block;
    private int loaded = -1;
    private int blocks;

    RecordedRefcounts(BlockFile file, Qcow2Header header) {
        this.file = file;
        this.geometry = header.geometry();
        this.fileBytes = file.lengthBytes();
        this.table = table(file, header);
        this.block = MemorySegment.ofArray(new byte[geometry.clusterBytes()]);
        for (int i = 0; i < table.length; i++) {
            blocks = usable(i) ? i + 1 : blocks;
        }
    }

    static long[] table(BlockFile file, Qcow2Header header) {
        int entries = header.refcountTableClusters() << header.geometry().clusterBits() - 3;
        return Tables.read(file, header.refcountTableOffsetBytes(), entries);
    }

    /** Whether an entry leads to a block that can be read. */
    private boolean usable(int index) {
        long offset = table[index] & BLOCK_MASK;
        return offset > 0 && geometry.clusterStart(offset) == offset && offset < fileBytes;
    }

    /** The cluster itself, or the next one that has a block; MAX_VALUE where there is none. */
    long nextCandidate(long cluster) {
        long first = cluster >>> geometry.refcountBlockBits();
        for (long index = first; index < blocks; index++) {
            if (usable((int) index)) {
                return Math.max(cluster, index << geometry.refcountBlockBits());
            }
        }
        return Long.MAX_VALUE;
    }

    long of(long cluster) {
        long index = cluster >>> geometry.refcountBlockBits();
        if (index >= table.length || !usable((int) index)) {
            return 0;
        }
        if (loaded != index) {
            file.read(table[(int) index] & BLOCK_MASK, block);
            loaded = (int) index;
        }
        return RefcountCodec.get(block, geometry.refcountOrder(), (int) cluster & geometry.refcountsPerBlock() - 1);
    }

    /** Sets a refcount in the file; false where there is no block for it. */
    boolean set(long cluster, long refcount) {
        of(cluster);
        long index = cluster >>> geometry.refcountBlockBits();
        if (index >= table.length || !usable((int) index)) {
            return false;
        }
        int inBlock = (int) cluster & geometry.refcountsPerBlock() - 1;
        RefcountCodec.set(block, geometry.refcountOrder(), inBlock, refcount);
        long at = (long) inBlock << geometry.refcountOrder() >>> 3;
        long from = at & -8L;
        file.write((table[(int) index] & BLOCK_MASK) + from, block.asSlice(from, Math.min(8, block.byteSize() - from)));
        return true;
    }
}
