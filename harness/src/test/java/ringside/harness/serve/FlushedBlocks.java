package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import ringside.emulator.block.BlockFile;

/**
 * What each block of a disk may hold after a crash: in each of its sectors the write that the last acknowledged flush made
 * stable, or one that was submitted since. A sector is whole; a block whose last write no flush has covered may be torn
 * between sectors, as on any disk (its clusters, where they are smaller, are mapped one after another). A block has one write
 * in flight at a time, and its writes are numbered. One thread.
 */
final class FlushedBlocks {
    static final int BLOCK_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final int SECTORS = BLOCK_BYTES / SECTOR_BYTES;
    private static final int WORDS = BLOCK_BYTES / Long.BYTES;
    private static final int SECTOR_WORDS = SECTOR_BYTES / Long.BYTES;

    /** Of each block, the write that a flush covers, or 0 while that is still the one that the last crash left. */
    private final long[] stable;

    private final long[] acknowledged;
    private final long[] submitted;
    /** Of each sector, what the last crash left. */
    private final long[] left;

    private final BitSet busy = new BitSet();
    private long[] flushing = new long[0];
    private long number;
    private long writes;
    private long flushes;
    private long torn;

    /** All of them hold zeroes. */
    FlushedBlocks(int count) {
        stable = new long[count];
        acknowledged = new long[count];
        submitted = new long[count];
        left = new long[count * SECTORS];
    }

    int count() {
        return stable.length;
    }

    boolean busy(int block) {
        return busy.get(block);
    }

    boolean flushing() {
        return flushing.length > 0;
    }

    /** Fills a buffer for the next write of a block, which is submitted now. */
    void submit(int block, MemorySegment buffer) {
        busy.set(block);
        submitted[block] = ++number;
        for (int i = 0; i < WORDS; i += 2) {
            buffer.setAtIndex(ValueLayout.JAVA_LONG, i, number);
            buffer.setAtIndex(ValueLayout.JAVA_LONG, i + 1, block);
        }
    }

    void written(int block) {
        busy.clear(block);
        acknowledged[block] = submitted[block];
        writes++;
    }

    /** A flush is submitted: it covers what has been acknowledged until now. */
    void submitFlush() {
        flushing = acknowledged.clone();
    }

    void flushed() {
        System.arraycopy(flushing, 0, stable, 0, stable.length);
        flushing = new long[0];
        flushes++;
    }

    /** Compares with the disk after a crash, and goes on with what is there. */
    void verify(BlockFile disk, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(BLOCK_BYTES, BLOCK_BYTES);
            for (int block = 0; block < stable.length; block++) {
                disk.read((long) block * BLOCK_BYTES, content);
                verify(block, content, name);
            }
        }
        busy.clear();
        flushing = new long[0];
    }

    private void verify(int block, MemorySegment content, String name) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int sector = 0; sector < SECTORS; sector++) {
            long found = verifySector(block, sector, content, name);
            left[block * SECTORS + sector] = found;
            least = Math.min(least, found);
            most = Math.max(most, found);
        }
        torn += least < most && submitted[block] > 0 ? 1 : 0;
        stable[block] = 0;
        acknowledged[block] = 0;
        submitted[block] = 0;
    }

    /** Returns the number of the write that a sector holds, 0 for none. */
    private long verifySector(int block, int sector, MemorySegment content, String name) {
        int from = sector * SECTOR_WORDS;
        long found = content.getAtIndex(ValueLayout.JAVA_LONG, from);
        long owner = found == 0 ? 0 : block;
        for (int i = from; i < from + SECTOR_WORDS; i += 2) {
            boolean whole = content.getAtIndex(ValueLayout.JAVA_LONG, i) == found
                    && content.getAtIndex(ValueLayout.JAVA_LONG, i + 1) == owner;
            assertThat(whole)
                    .as("%s: block %d is torn at word %d, or that of another", name, block, i)
                    .isTrue();
        }
        long before = left[block * SECTORS + sector];
        assertThat(found)
                .as("%s: block %d, sector %d: between the last flush and the last write", name, block, sector)
                .isBetween(Math.max(before, stable[block]), Math.max(before, submitted[block]));
        return found;
    }

    /** Blocks found torn between sectors, all of writes that no flush had covered. */
    long torn() {
        return torn;
    }

    long writes() {
        return writes;
    }

    long flushes() {
        return flushes;
    }
}
