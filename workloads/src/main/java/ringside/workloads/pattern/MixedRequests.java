package ringside.workloads.pattern;

import java.util.Arrays;

/**
 * Offsets and lengths where the plain {@link OffsetGenerator}s do not suffice: sizes that vary, holes, runs, partly random
 * jobs, zones. Each direction has its own position; runs and zones are common to all, as in fio. Confined to one thread;
 * {@link #next} does not allocate and leaves its answer in {@link #offsetBytes()} and {@link #lengthBytes()}.
 */
public final class MixedRequests {
    /** Index of reads. */
    public static final int READ = 0;

    /** Index of writes. */
    public static final int WRITE = 1;

    /** Index of discards. */
    public static final int TRIM = 2;

    private static final long NONE = -1;

    private final MixedRules rules;
    private final DirectionShape[] shapes;
    private final long limitBytes;
    private final long[] end = new long[TRIM + 1];
    private final long[] begin = new long[TRIM + 1];
    private SplitMix64 choice;
    private int untilRandom;
    private long zoneStart;
    private long zoneBytes;
    private long position;
    private boolean atRandom;
    private long offsetBytes;
    private int lengthBytes;

    /**
     * A generator for the three directions.
     *
     * @param rules what they have in common
     * @param read how reads move
     * @param write how writes move
     * @param trim how discards move
     */
    public MixedRequests(MixedRules rules, DirectionShape read, DirectionShape write, DirectionShape trim) {
        this.rules = rules;
        this.shapes = new DirectionShape[] {read, write, trim};
        this.limitBytes = rules.pieceBytes();
        reset();
    }

    /** Decides the next request of a direction. */
    public void next(int direction) {
        DirectionShape shape = shapes[direction];
        if (rules.zoneSizeBytes() > 0) {
            enterZone();
        }
        choosePosition(direction, shape);
        SizeMix sizes = atRandom ? shape.randomSizes() : shape.sequentialSizes();
        if (limitBytes - position < sizes.minBytes()) {
            position = 0;
        }
        lengthBytes = sizes.next(limitBytes - position);
        if (atRandom && shape.map() != null) {
            lengthBytes = shape.map().cover(position, lengthBytes);
        }
        begin[direction] = position;
        end[direction] = position + lengthBytes;
        zoneBytes += lengthBytes;
        offsetBytes = rules.offsetBytes() + zoneStart + position;
    }

    /** First byte of the request that {@link #next} decided. */
    public long offsetBytes() {
        return offsetBytes;
    }

    /** Length of the request that {@link #next} decided. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Starts the same sequence again. */
    public void restart() {
        for (DirectionShape shape : shapes) {
            shape.restart();
        }
        reset();
    }

    private void reset() {
        choice = new SplitMix64(rules.seed());
        untilRandom = 1;
        zoneStart = 0;
        zoneBytes = 0;
        Arrays.fill(begin, NONE);
        Arrays.fill(end, 0);
    }

    private void choosePosition(int direction, DirectionShape shape) {
        boolean due = rules.perRandom() == 1 || --untilRandom == 0;
        if (due) {
            untilRandom = rules.perRandom();
        }
        atRandom = due && isRandom(shape.randomPercent());
        if (atRandom) {
            position = shape.nextRandom();
        } else if (!due && rules.identical()) {
            position = Math.max(0, begin[direction]);
        } else {
            position = following(direction);
            if (rules.randomJob()
                    && limitBytes - position < shape.sequentialSizes().minBytes()) {
                atRandom = true;
                position = shape.nextRandom();
            }
        }
    }

    private boolean isRandom(int percent) {
        return percent > 0 && (percent == 100 || choice.nextBelow(100) < percent);
    }

    /** Behind the last request of the direction, with the hole; a hole that leaves the region starts again. */
    private long following(int direction) {
        long at = end[direction];
        long add = rules.addBytes();
        if (at == 0 || add == 0) {
            return at;
        }
        at += add;
        if (at >= 0 && at < limitBytes) {
            return at;
        }
        return add > 0 ? 0 : Math.max(0, limitBytes + add);
    }

    /** Goes on to the next zone when enough was transferred in this one; behind the last one comes the first. */
    private void enterZone() {
        if (zoneBytes < rules.zoneSizeBytes()) {
            return;
        }
        zoneBytes = 0;
        zoneStart += limitBytes + rules.zoneSkipBytes();
        if (zoneStart > rules.sizeBytes() - limitBytes) {
            zoneStart = 0;
        }
        Arrays.fill(end, 0);
        for (DirectionShape shape : shapes) {
            shape.nextZone();
        }
    }
}
