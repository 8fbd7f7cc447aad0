package ringside.workloads.pattern;

import java.util.Arrays;

/**
 * Random requests of different lengths that together touch each unit once before any again: fio's random map. Units come
 * in a random order; one that an earlier, longer request has covered is passed over, and a request that would run into a
 * covered unit is cut there, as in fio. One bit per unit. Confined to one thread; does not allocate after construction.
 */
public final class CoverageMap {
    private final PermutedOffsets order;
    private final long units;
    private final int unitBytes;
    private final long[] used;
    private long left;

    /**
     * Nothing is covered.
     *
     * @param sizeBytes length of the region, at least one unit
     * @param unitBytes length of a unit
     */
    public CoverageMap(long sizeBytes, int unitBytes, long seed) {
        this.units = sizeBytes / unitBytes;
        this.unitBytes = unitBytes;
        if (units / Long.SIZE >= Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a region of " + sizeBytes + " bytes has too many blocks of " + unitBytes
                    + " bytes for a random map: set norandommap");
        }
        this.used = new long[(int) ((units + Long.SIZE - 1) / Long.SIZE)];
        this.order = new PermutedOffsets(0, units, unitBytes, seed);
        this.left = units;
    }

    /** Begin of a unit that is not covered yet. */
    long next() {
        if (left == 0) {
            nextPass();
        }
        long offset;
        do {
            offset = order.next();
        } while (isUsed(offset / unitBytes));
        return offset;
    }

    /** Covers a request that begins at an uncovered unit, and returns how much of it is not covered yet. */
    int cover(long offsetBytes, int lengthBytes) {
        long unit = offsetBytes / unitBytes;
        int wanted = Math.ceilDiv(lengthBytes, unitBytes);
        int got = 0;
        while (got < wanted && unit < units && !isUsed(unit)) {
            used[(int) (unit >>> 6)] |= 1L << unit;
            unit++;
            got++;
        }
        left -= got;
        return got == wanted ? lengthBytes : got * unitBytes;
    }

    /** Forgets what was covered and goes on in another order. */
    void nextPass() {
        clear();
        order.nextPass();
    }

    void restart() {
        clear();
        order.restart();
    }

    private void clear() {
        Arrays.fill(used, 0);
        left = units;
    }

    private boolean isUsed(long unit) {
        return (used[(int) (unit >>> 6)] >>> unit & 1) != 0;
    }
}
