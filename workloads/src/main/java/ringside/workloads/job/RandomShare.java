package ringside.workloads.job;

/**
 * How much of a random job is random, per direction in per cent, 0..100 (fio: percentage_random). The rest goes on behind
 * the last request of its direction.
 *
 * @param readPercent share of the reads
 * @param writePercent share of the writes
 * @param trimPercent share of the discards
 */
public record RandomShare(int readPercent, int writePercent, int trimPercent) {
    /** fio's default: all. */
    public static final RandomShare ALL = new RandomShare(100, 100, 100);

    public RandomShare {
        check(readPercent);
        check(writePercent);
        check(trimPercent);
    }

    static RandomShare parse(String value) {
        return PerDirection.parse("percentage_random", value, part -> OptionGroup.percent("percentage_random", part))
                .map(RandomShare::new);
    }

    private static void check(int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percentage_random=" + percent + " is out of range: it must be 0..100");
        }
    }
}
