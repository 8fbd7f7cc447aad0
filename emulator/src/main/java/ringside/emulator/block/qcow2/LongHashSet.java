package ringside.emulator.block.qcow2;

import java.util.Arrays;

/** A set of numbers of at least 0 that does not box. Not safe for threads. */
final class LongHashSet {
    private static final long FREE = -1;

    private long[] table = filled(256);
    private int count;

    private static long[] filled(int size) {
        long[] table = new long[size];
        Arrays.fill(table, FREE);
        return table;
    }

    boolean contains(long value) {
        return table[find(value)] == value;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(long value) {
        int at = find(value);
        if (table[at] == value) {
            return;
        }
        table[at] = value;
        count++;
        if (2 * count > table.length) {
            grow();
        }
    }

    /** Takes a number out, and moves those back that it had pushed away. */
    void remove(long value) {
        int hole = find(value);
        if (table[hole] != value) {
            return;
        }
        table[hole] = FREE;
        count--;
        for (int at = hole + 1 & table.length - 1; table[at] != FREE; at = at + 1 & table.length - 1) {
            long moved = table[at];
            table[at] = FREE;
            table[find(moved)] = moved;
        }
    }

    /** Where the number is, or would be. */
    private int find(long value) {
        int at = (int) (value * 0x9e37_79b9_7f4a_7c15L >>> 32) & table.length - 1;
        while (table[at] != FREE && table[at] != value) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private void grow() {
        long[] old = table;
        table = filled(2 * old.length);
        for (long value : old) {
            if (value != FREE) {
                table[find(value)] = value;
            }
        }
    }
}
