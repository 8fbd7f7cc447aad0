package ringside.harness.serve;

/**
 * Memory and descriptors after warming up.
 *
 * @param samples readings behind it
 * @param rssAnonStartKib the process's own memory at the begin, in KiB
 * @param rssAnonEndKib the same at the end
 * @param rssAnonSlopeKibPerS least-squares slope between, in KiB per second
 * @param rssEndKib all resident memory at the end, with that of the front-end as far as it was touched
 * @param fdsStart open descriptors at the begin
 * @param fdsEnd the same at the end
 */
public record ServerGrowth(
        int samples,
        long rssAnonStartKib,
        long rssAnonEndKib,
        double rssAnonSlopeKibPerS,
        long rssEndKib,
        long fdsStart,
        long fdsEnd) {
    private static final int ENOUGH_SAMPLES = 8;

    /** Growth that may still be the JVM's: compiled code, its own tables. */
    private static final long ALLOWED_GROWTH_KIB = 32 * 1024;

    private static final long ALLOWED_FDS = 4;

    /** Whether memory grows as a leak does: much, and more than a tenth of what was there. */
    boolean leaksMemory() {
        long grown = rssAnonEndKib - rssAnonStartKib;
        return samples >= ENOUGH_SAMPLES && grown > Math.max(ALLOWED_GROWTH_KIB, rssAnonStartKib / 10);
    }

    boolean leaksDescriptors() {
        return samples >= ENOUGH_SAMPLES && fdsEnd > fdsStart + ALLOWED_FDS;
    }
}
