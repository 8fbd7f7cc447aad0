package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import ringside.emulator.block.BlockFile;

/**
 * What each block of a disk may hold after a crash: the write that the last acknowledged flush made stable, or one that was
 * submitted since. A block has one write in flight at a time, and its writes are numbered. One thread.
 */
final class FlushedBlocks {
    static final int BLOCK_BYTES = 4096;
    private static final int WORDS = BLOCK_BYTES / Long.BYTES;

    private final long[] stable;
    private final long[] acknowledged;
    private final long[] submitted;
    private final BitSet busy = new BitSet();
    private long[] flushing = new long[0];
    private long number;
    private long writes;
    private long flushes;

    /** All of them hold zeroes. */
    FlushedBlocks(int count) {
        stable = new long[count];
        acknowledged = new long[count];
        submitted = new long[count];
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
        long found = content.getAtIndex(ValueLayout.JAVA_LONG, 0);
        for (int i = 0; i < WORDS; i += 2) {
            long owner = found == 0 ? 0 : block;
            boolean whole = content.getAtIndex(ValueLayout.JAVA_LONG, i) == found
                    && content.getAtIndex(ValueLayout.JAVA_LONG, i + 1) == owner;
            assertThat(whole)
                    .as("%s: block %d is torn at word %d, or that of another", name, block, i)
                    .isTrue();
        }
        assertThat(found)
                .as("%s: block %d: between the last flush and the last write", name, block)
                .isBetween(stable[block], submitted[block]);
        stable[block] = found;
        acknowledged[block] = found;
        submitted[block] = found;
    }

    long writes() {
        return writes;
    }

    long flushes() {
        return flushes;
    }
}
