package ringside.workloads.job;

/**
 * When a job begins.
 *
 * @param minDelayNs earliest moment after the begin of its stage (fio: startdelay)
 * @param maxDelayNs latest one; each clone draws its own in between
 * @param stonewall whether it waits for all jobs before it (fio: stonewall), and so begins a new stage
 */
public record JobStart(long minDelayNs, long maxDelayNs, boolean stonewall) {
    /** fio's default: at once. */
    public static final JobStart DEFAULT = new JobStart(0, 0, false);

    public JobStart {
        if (minDelayNs < 0 || maxDelayNs < minDelayNs) {
            throw new IllegalArgumentException("startdelay must be a time, or a range from a shorter to a longer one");
        }
    }
}
