package ringside.workloads.trace;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a trace is changed before it is replayed.
 *
 * @param noStall leave the times out: each request follows at once (fio: replay_no_stall)
 * @param timeScalePercent 100: as recorded, 200: twice as fast (fio: replay_time_scale)
 * @param alignBytes offsets are rounded down and lengths up to this power of two; 0: not (fio: replay_align)
 * @param scale offsets are divided by this (fio: replay_scale)
 * @param skip what is left out (fio: replay_skip)
 */
public record TraceRules(boolean noStall, int timeScalePercent, int alignBytes, int scale, Set<TraceOp> skip) {
    /** As recorded. */
    public static final TraceRules AS_RECORDED = new TraceRules(false, 100, 0, 1, Set.of());

    public TraceRules {
        if (timeScalePercent < 1 || scale < 1) {
            throw new IllegalArgumentException("replay_time_scale and replay_scale must be 1 or more");
        }
        if (alignBytes != 0 && (alignBytes < 512 || Integer.bitCount(alignBytes) != 1)) {
            throw new IllegalArgumentException("replay_align=" + alignBytes
                    + " is not a power of two of 512 or more: a disk has 512-byte sectors");
        }
        skip = skip.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(skip));
    }
}
