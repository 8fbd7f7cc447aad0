package ringside.harness.serve;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import ringside.emulator.block.BlockFile;
import ringside.workloads.verify.StampReport;
import ringside.workloads.verify.StampVerifier;
import ringside.workloads.verify.WriteStamp;

/**
 * What a part of the disk must hold: for each block the number of the last write that was acknowledged. A block has one
 * request at a time, so there is always exactly one right answer. One thread at a time.
 */
final class VerifiedBlocks {
    static final int BLOCK_BYTES = 4096;

    private static final long NEVER_WRITTEN = -1;

    /** Where {@link WriteStamp} puts the number of the write. */
    private static final int SEQUENCE_AT = 24;

    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long firstByte;
    private final long[] sequence;
    private final boolean[] busy;
    private final StampVerifier verifier = new StampVerifier();
    private long errors;
    private String firstProblem = "";

    VerifiedBlocks(long firstByte, int blocks) {
        this.firstByte = firstByte;
        this.sequence = new long[blocks];
        this.busy = new boolean[blocks];
        Arrays.fill(sequence, NEVER_WRITTEN);
    }

    int count() {
        return sequence.length;
    }

    long offsetOf(int block) {
        return firstByte + (long) block * BLOCK_BYTES;
    }

    private int blockAt(long offsetBytes) {
        return (int) ((offsetBytes - firstByte) / BLOCK_BYTES);
    }

    boolean isBusy(int block) {
        return busy[block];
    }

    boolean isWritten(int block) {
        return sequence[block] != NEVER_WRITTEN;
    }

    void begin(int block) {
        busy[block] = true;
    }

    /** A write of this buffer was acknowledged. */
    void written(long offsetBytes, MemorySegment buffer) {
        int block = blockAt(offsetBytes);
        sequence[block] = buffer.get(LE64, SEQUENCE_AT);
        busy[block] = false;
    }

    /** A write failed: what the block holds is nobody's promise. */
    void unknown(long offsetBytes) {
        int block = blockAt(offsetBytes);
        sequence[block] = NEVER_WRITTEN;
        busy[block] = false;
    }

    /** A read came back with this content. */
    void read(long offsetBytes, MemorySegment buffer) {
        check(blockAt(offsetBytes), buffer);
        busy[blockAt(offsetBytes)] = false;
    }

    /** A read failed: nothing was learnt. */
    void notRead(long offsetBytes) {
        busy[blockAt(offsetBytes)] = false;
    }

    private void check(int block, MemorySegment content) {
        long offset = offsetOf(block);
        StampReport report = verifier.verify(content.asSlice(0, BLOCK_BYTES), offset);
        if (!report.isClean()) {
            wrong(report.firstProblem());
        } else if (content.get(LE64, SEQUENCE_AT) != sequence[block]) {
            wrong("block at offset " + offset + " holds write " + content.get(LE64, SEQUENCE_AT) + " instead of write "
                    + sequence[block] + ", which was acknowledged later");
        }
    }

    private void wrong(String problem) {
        errors++;
        if (firstProblem.isEmpty()) {
            firstProblem = problem;
        }
    }

    /** Checks the image itself, from outside, when nobody serves it any more. Blocks with a request in flight are left out. */
    void checkImage(FileChannel image) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(BLOCK_BYTES);
        for (int block = 0; block < sequence.length; block++) {
            if (!isWritten(block) || busy[block]) {
                continue;
            }
            content.clear();
            while (content.hasRemaining() && image.read(content, offsetOf(block) + content.position()) >= 0) {
                // A file may be read in parts.
            }
            check(block, MemorySegment.ofArray(content.array()));
        }
    }

    /** The same through a node that has been opened for this. */
    void checkNode(BlockFile disk) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(BLOCK_BYTES, BLOCK_BYTES);
            for (int block = 0; block < sequence.length; block++) {
                if (isWritten(block) && !busy[block]) {
                    disk.read(offsetOf(block), content);
                    check(block, content);
                }
            }
        }
    }

    long errors() {
        return errors;
    }

    /** One line about the first wrong block, empty when there is none. */
    String firstProblem() {
        return firstProblem;
    }
}
