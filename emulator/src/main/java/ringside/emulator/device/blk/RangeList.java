package ringside.emulator.device.blk;

import java.util.Arrays;

/** The ranges of one request that are still to be done. Grows to the longest list seen; then it does not allocate. */
final class RangeList {
    private long[] sector = new long[1];
    private int[] sectors = new int[1];
    private int[] flags = new int[1];
    private int count;
    private int current;

    void clear() {
        count = 0;
        current = -1;
    }

    void add(long first, long length, int rangeFlags) {
        if (count == sector.length) {
            sector = Arrays.copyOf(sector, 2 * count);
            sectors = Arrays.copyOf(sectors, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
        }
        sector[count] = first;
        sectors[count] = (int) length;
        flags[count] = rangeFlags;
        count++;
    }

    /** Goes on to the next range; returns false at the end. */
    boolean next() {
        current++;
        return current < count;
    }

    long sector() {
        return sector[current];
    }

    long sectors() {
        return Integer.toUnsignedLong(sectors[current]);
    }

    int flags() {
        return flags[current];
    }
}
