package ringside.workloads.job;

/**
 * The pace of a job: when its next request is due. Rates are those of one clone.
 *
 * @param bytes bytes per second (fio: rate)
 * @param iops requests per second (fio: rate_iops)
 * @param process how the moments follow one another
 * @param openLoop requests are due whether or not earlier ones have come back, one schedule for all directions together,
 *     and latency counts from the moment at which a request was due. Without it the rate is only an upper bound and latency
 *     counts from the submission, as in fio
 * @param think pauses
 */
public record JobPacing(
        DirectionRates bytes, DirectionRates iops, RateProcess process, boolean openLoop, JobThink think) {
    /** fio's default: as fast as they complete. */
    public static final JobPacing DEFAULT =
            new JobPacing(DirectionRates.NONE, DirectionRates.NONE, RateProcess.LINEAR, false);

    public JobPacing {
        if (!bytes.isNone() && !iops.isNone()) {
            throw new IllegalArgumentException("rate and rate_iops exclude each other: leave one out");
        }
        if (openLoop && bytes.isNone() && iops.isNone()) {
            throw new IllegalArgumentException("open_loop needs a rate: add rate_iops=N");
        }
        if (openLoop && think.isUsed()) {
            throw new IllegalArgumentException("open_loop asks by the clock, thinktime pauses: leave one out");
        }
    }

    /** Without pauses. */
    public JobPacing(DirectionRates bytes, DirectionRates iops, RateProcess process, boolean openLoop) {
        this(bytes, iops, process, openLoop, JobThink.NONE);
    }

    /** Whether any direction has a rate. */
    public boolean paced() {
        return !bytes.isNone() || !iops.isNone();
    }
}
