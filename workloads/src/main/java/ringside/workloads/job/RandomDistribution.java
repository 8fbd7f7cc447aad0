package ringside.workloads.job;

import java.util.List;

/**
 * How often each block of the region is chosen by a random job (fio: random_distribution). All but {@link Uniform} choose
 * blocks again before every block was used once.
 */
public sealed interface RandomDistribution {
    /** No centre given: the hot blocks lie where the seed puts them. */
    double NO_CENTER = -1;

    /** Every block alike. */
    record Uniform() implements RandomDistribution {}

    /**
     * Rank k with a probability proportional to 1 / k^theta; ranks are spread over the region by a hash.
     *
     * @param theta exponent, greater than 0 and not 1
     * @param center shift of the hottest block as a share of the region, 0..1, or {@link #NO_CENTER}
     */
    record Zipf(double theta, double center) implements RandomDistribution {
        public Zipf {
            if (!(theta > 0) || theta == 1 || Double.isInfinite(theta)) {
                throw new IllegalArgumentException(
                        "random_distribution=zipf:" + theta + " is out of range: theta must be above 0 and not 1");
            }
            checkCenter(center);
        }
    }

    /**
     * Self-similar: a share {@code power} of the blocks gets 1 - power of the requests, and so on within.
     *
     * @param power between 0 and 1, exclusive; 0.2 is the rule of 80:20
     * @param center as of {@link Zipf}
     */
    record Pareto(double power, double center) implements RandomDistribution {
        public Pareto {
            if (!(power > 0 && power < 1)) {
                throw new IllegalArgumentException(
                        "random_distribution=pareto:" + power + " is out of range: it must be between 0 and 1");
            }
            checkCenter(center);
        }
    }

    /**
     * About normal around the middle of the ranks, which a hash spreads over the region.
     *
     * @param deviationPercent width of an added uniform deviation in per cent of the region, 0 or more, below 100
     * @param center as of {@link Zipf}; 0.5 is no shift
     */
    record Normal(double deviationPercent, double center) implements RandomDistribution {
        public Normal {
            if (!(deviationPercent >= 0 && deviationPercent < 100)) {
                throw new IllegalArgumentException("random_distribution=normal:" + deviationPercent
                        + " is out of range: the deviation must be 0 or more and below 100");
            }
            checkCenter(center);
        }
    }

    /**
     * One zone after another from the begin of the region.
     *
     * @param accessPercent share of the requests, 0..100
     * @param size its length: bytes, or per cent of the region; 0 bytes: the rest of the region
     */
    record Zone(int accessPercent, Extent size) {}

    /**
     * Zones of their own frequency; uniform within a zone.
     *
     * @param read zones of the reads, access shares add to 100
     * @param write zones of the writes
     * @param trim zones of the discards
     */
    record Zoned(List<Zone> read, List<Zone> write, List<Zone> trim) implements RandomDistribution {
        public Zoned {
            read = List.copyOf(read);
            write = List.copyOf(write);
            trim = List.copyOf(trim);
        }
    }

    private static void checkCenter(double center) {
        if (center != NO_CENTER && !(center >= 0 && center <= 1)) {
            throw new IllegalArgumentException(
                    "random_distribution: the centre " + center + " is out of range: it must be 0..1");
        }
    }
}
