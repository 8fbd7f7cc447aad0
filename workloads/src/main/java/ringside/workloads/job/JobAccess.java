package ringside.workloads.job;

/**
 * In which order and direction a job touches its region.
 *
 * @param rw direction and order
 * @param rwmixread share of reads of a mixed job in per cent, 0..100
 * @param randseed seed of all random decisions; the same seed repeats the same offsets
 * @param norandommap random offsets may repeat before every block was used once
 * @param order distance or run length of the offsets
 * @param randomShare how much of a random job is random
 * @param distribution how often each block is chosen by a random job
 */
public record JobAccess(
        ReadWrite rw,
        int rwmixread,
        long randseed,
        boolean norandommap,
        OffsetOrder order,
        RandomShare randomShare,
        RandomDistribution distribution) {
    /** fio's constant, so that runs repeat unless told otherwise. */
    public static final long DEFAULT_RANDSEED = 0x89;

    /** fio's default: sequential reads. */
    public static final JobAccess DEFAULT = new JobAccess(
            ReadWrite.READ,
            50,
            DEFAULT_RANDSEED,
            false,
            OffsetOrder.DEFAULT,
            RandomShare.ALL,
            new RandomDistribution.Uniform());

    public JobAccess {
        if (rwmixread < 0 || rwmixread > 100) {
            throw new IllegalArgumentException("rwmixread=" + rwmixread + " is out of range: it must be 0..100");
        }
    }

    /** With another direction and order. */
    public JobAccess withRw(ReadWrite value) {
        return new JobAccess(value, rwmixread, randseed, norandommap, order, randomShare, distribution);
    }

    /** With another share of reads. */
    public JobAccess withRwmixread(int value) {
        return new JobAccess(rw, value, randseed, norandommap, order, randomShare, distribution);
    }

    /** With another seed. */
    public JobAccess withRandseed(long value) {
        return new JobAccess(rw, rwmixread, value, norandommap, order, randomShare, distribution);
    }

    /** With or without repeated random offsets. */
    public JobAccess withNorandommap(boolean value) {
        return new JobAccess(rw, rwmixread, randseed, value, order, randomShare, distribution);
    }

    /** With another order. */
    public JobAccess withOrder(OffsetOrder value) {
        return new JobAccess(rw, rwmixread, randseed, norandommap, value, randomShare, distribution);
    }

    /** With another random share. */
    public JobAccess withRandomShare(RandomShare value) {
        return new JobAccess(rw, rwmixread, randseed, norandommap, order, value, distribution);
    }

    /** With another distribution. */
    public JobAccess withDistribution(RandomDistribution value) {
        return new JobAccess(rw, rwmixread, randseed, norandommap, order, randomShare, value);
    }
}
