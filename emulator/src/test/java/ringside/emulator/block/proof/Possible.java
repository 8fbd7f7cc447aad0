package ringside.emulator.block.proof;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What a disk may hold when some operations failed: for each block of 512 bytes, filled with one value, the values that are possible. A value that was
 * acknowledged and flushed is the only one, until the block is written again.
 */
final class Possible {
    static final int BLOCK = 512;

    /** Values that can be there now, those that an ended write can have left behind, and the last one acknowledged. */
    private final BitSet[] possible;

    private final BitSet[] uncertain;
    private final byte[] last;

    /** @param stable content that is there for certain, one value per block */
    Possible(byte[] stable) {
        int blocks = stable.length / BLOCK;
        possible = new BitSet[blocks];
        uncertain = new BitSet[blocks];
        last = new byte[blocks];
        for (int i = 0; i < blocks; i++) {
            last[i] = stable[i * BLOCK];
            possible[i] = one(last[i]);
            uncertain[i] = new BitSet();
        }
    }

    private static BitSet one(byte value) {
        BitSet set = new BitSet();
        set.set(Byte.toUnsignedInt(value));
        return set;
    }

    /** A write, or write-zeroes, of whole blocks ended. */
    void written(long offset, long length, byte value, boolean succeeded) {
        for (int i = (int) (offset / BLOCK); i < (offset + length) / BLOCK; i++) {
            possible[i].set(Byte.toUnsignedInt(value));
            if (succeeded) {
                last[i] = value;
                uncertain[i].clear();
            } else {
                uncertain[i].set(Byte.toUnsignedInt(value));
            }
        }
    }

    /** A discard ended: the blocks hold what they held, or zeroes. */
    void discarded(long offset, long length) {
        written(offset, length, (byte) 0, false);
    }

    void flushed() {
        for (int i = 0; i < last.length; i++) {
            possible[i] = one(last[i]);
            possible[i].or(uncertain[i]);
        }
    }

    /** The first block whose content cannot be, or -1. */
    int firstWrong(byte[] content) {
        for (int i = 0; i < last.length; i++) {
            byte[] block = Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK);
            byte[] same = new byte[BLOCK];
            Arrays.fill(same, block[0]);
            if (!Arrays.equals(block, same) || !possible[i].get(Byte.toUnsignedInt(block[0]))) {
                return i;
            }
        }
        return -1;
    }

    /** The first block whose content is not what a reader must see now, when nothing uncertain is in it; or -1. */
    int firstUnexpected(byte[] content, long offset) {
        for (int i = 0; i < content.length / BLOCK; i++) {
            int block = (int) (offset / BLOCK) + i;
            if (uncertain[block].isEmpty() && content[i * BLOCK] != last[block]) {
                return block;
            }
        }
        return -1;
    }
}
