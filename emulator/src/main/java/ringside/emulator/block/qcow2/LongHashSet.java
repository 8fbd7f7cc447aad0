package ringside.emulator.block.qcow2;

import java.util.Arrays;

/**
 * A set of numbers of at least 0 that does not box. Changed by one thread at a time; {@link #contains} may be called beside
 * that, ends, and may be wrong then.
 */
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
        long[] now = table;
        return now[find(now, value)] == value;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns whether the number is new. */
    boolean add(long value) {
        int at = find(table, value);
        if (table[at] == value) {
            return false;
        }
        table[at] = value;
        count++;
        if (2 * count > table.length) {
            grow();
        }
        return true;
    }

    /** Takes a number out, and moves those back that it had pushed away. */
    void remove(long value) {
        int hole = find(table, value);
        if (table[hole] != value) {
            return;
        }
        table[hole] = FREE;
        count--;
        for (int at = hole + 1 & table.length - 1; table[at] != FREE; at = at + 1 & table.length - 1) {
            long moved = table[at];
            table[at] = FREE;
            table[find(table, moved)] = moved;
        }
    }

    /** Where the number is, or would be. */
    private static int find(long[] table, long value) {
        int at = (int) (value * 0x9e37_79b9_7f4a_7c15L >>> 32) & table.length - 1;
        while (table[at] != FREE && table[at] != value) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private void grow() {
        long[] old = table;
        long[] larger = filled(2 * old.length);
        for (long value : old) {
            if (value != FREE) {
                larger[find(larger, value)] = value;
            }
        }
        table = larger;
    }
}
