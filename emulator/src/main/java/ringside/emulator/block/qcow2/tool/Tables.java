package ringside.emulator.block.qcow2.tool;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import ringside.emulator.block.BlockFile;

/** Tables of big-endian words in a file. */
final class Tables {
    static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

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
