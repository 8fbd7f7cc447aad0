package ringside.workloads.job;

/**
 * Pauses of a clone, as of a program that does something with what it read. The pause begins when nothing is in flight.
 *
 * @param pauseNs length of a pause (fio: thinktime); 0: none
 * @param spinNs so much of it is spent computing (fio: thinktime_spin)
 * @param blocks a pause after so many requests (fio: thinktime_blocks); 0: none
 * @param byIssue whether requests are counted when they begin instead of when they complete (fio: thinktime_blocks_type)
 * @param ioTimeNs a pause after so long a time of requests (fio: thinktime_iotime); 0: none
 */
public record JobThink(long pauseNs, long spinNs, int blocks, boolean byIssue, long ioTimeNs) {
    /** fio's default: no pause. */
    public static final JobThink NONE = new JobThink(0, 0, 1, false, 0);

    public JobThink {
        if (pauseNs < 0 || spinNs < 0 || blocks < 0 || ioTimeNs < 0) {
            throw new IllegalArgumentException("thinktime and its parts must not be negative");
        }
        if (pauseNs == 0 && (spinNs > 0 || ioTimeNs > 0)) {
            throw new IllegalArgumentException("thinktime_spin and thinktime_iotime need a thinktime: add thinktime=N");
        }
        if (pauseNs > 0 && blocks == 0 && ioTimeNs == 0) {
            throw new IllegalArgumentException("thinktime_blocks must be 1 or more, it is 0");
        }
        spinNs = Math.min(spinNs, pauseNs);
    }

    /** Whether there are pauses. */
    public boolean isUsed() {
        return pauseNs > 0;
    }
}
