package ringside.workloads.job;

/**
 * In which order and direction a job touches its region.
 *
 * @param rw direction and order
 * @param rwmixread share of reads of a mixed job in per cent, 0..100
 * @param randseed seed of all random decisions; the same seed repeats the same offsets
 * @param norandommap random offsets may repeat before every block was used once
 */
public record JobAccess(ReadWrite rw, int rwmixread, long randseed, boolean norandommap) {
    /** fio's constant, so that runs repeat unless told otherwise. */
    public static final long DEFAULT_RANDSEED = 0x89;

    public JobAccess {
        if (rwmixread < 0 || rwmixread > 100) {
            throw new IllegalArgumentException("rwmixread=" + rwmixread + " is out of range: it must be 0..100");
        }
    }
}
