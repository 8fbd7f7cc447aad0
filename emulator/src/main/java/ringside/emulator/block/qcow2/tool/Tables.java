package ringside.emulator.block.qcow2.tool;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import ringside.emulator.block.BlockFile;

/** Tables of big-endian words in a file. */
final class Tables {
    static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int PIECE_ENTRIES = 8192;

    private Tables() {}

    static long[] read(BlockFile file, long offsetBytes, int entries) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.multiplyExact(entries, Long.BYTES)]);
        file.read(offsetBytes, bytes);
        long[] table = new long[entries];
        for (int i = 0; i < entries; i++) {
            table[i] = bytes.getAtIndex(WORD, i);
        }
        return table;
    }

    /** Receives the entries of a table in order. */
    interface Entry {
        void at(int index, long entry);
    }

    /** Goes through a table that may be huge, a piece at a time. */
    static void forEach(BlockFile file, long offsetBytes, int entries, Entry step) {
        for (int done = 0; done < entries; done += PIECE_ENTRIES) {
            long[] piece = read(file, offsetBytes + (long) done * Long.BYTES, Math.min(PIECE_ENTRIES, entries - done));
            for (int i = 0; i < piece.length; i++) {
                step.at(done + i, piece[i]);
            }
        }
    }

    static void write(BlockFile file, long offsetBytes, long[] table) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.multiplyExact(table.length, Long.BYTES)]);
        for (int i = 0; i < table.length; i++) {
            bytes.setAtIndex(WORD, i, table[i]);
        }
        file.write(offsetBytes, bytes);
    }

    static void writeEntry(BlockFile file, long offsetBytes, long entry) {
        write(file, offsetBytes, new long[] {entry});
    }
}
