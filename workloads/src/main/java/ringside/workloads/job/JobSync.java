package ringside.workloads.job;

/**
 * When a job makes its writes durable. A disk knows one way, the flush, so fsync and fdatasync are the same to it.
 *
 * @param everyWrites a flush after so many writes (fio: fsync, fdatasync); 0: none
 * @param dataOnly whether it was asked for as fdatasync, which only a peer needs to know
 * @param atEnd a flush at the end of a clone that wrote (fio: end_fsync, which is off there)
 */
public record JobSync(int everyWrites, boolean dataOnly, boolean atEnd) {
    /** At its end only. */
    public static final JobSync DEFAULT = new JobSync(0, false, true);

    public JobSync {
        if (everyWrites < 0) {
            throw new IllegalArgumentException("fsync=" + everyWrites + " must be 0 or more");
        }
    }
}
