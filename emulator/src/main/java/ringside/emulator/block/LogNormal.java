package ringside.emulator.block;

/**
 * The log-normal distribution of a latency, from its mean and its 99th percentile. Most latencies of storage are like that: few
 * requests are much faster than the mean, some are much slower.
 *
 * @param mu mean of the logarithm of the latency in ns
 * @param sigma standard deviation of that logarithm; 0: always the mean
 */
public record LogNormal(double mu, double sigma) {
    /** 99 % of a normal distribution lie below so many standard deviations above its mean. */
    private static final double Z99 = 2.3263478740408408;

    /** No log-normal distribution has its 99th percentile further from its mean: exp(Z99 squared / 2). */
    private static final double MAX_RATIO = Math.exp(Z99 * Z99 / 2);

    /** The distribution with this mean and this 99th percentile. */
    static LogNormal of(long averageNs, long p99Ns) {
        // ln p99 = mu + z sigma and ln mean = mu + sigma^2 / 2; the smaller root keeps the mode near the mean.
        double sigma = Z99 - Math.sqrt(Math.max(0, Z99 * Z99 - 2 * Math.log((double) p99Ns / averageNs)));
        return new LogNormal(Math.log(averageNs) - sigma * sigma / 2, sigma);
    }

    /** @throws IllegalArgumentException when there is no such distribution: one line with the remedy */
    static void check(long averageNs, long p99Ns) {
        if (averageNs <= 0) {
            throw new IllegalArgumentException("average must be above 0, it is " + averageNs + " ns");
        }
        if (p99Ns < averageNs || p99Ns > averageNs * MAX_RATIO) {
            throw new IllegalArgumentException(
                    "p99 must be from 1 to 14.9 times the average of " + averageNs + " ns, it is " + p99Ns + " ns");
        }
    }

    /**
     * A latency in ns.
     *
     * @param gaussian drawn from a normal distribution with mean 0 and deviation 1
     */
    public long at(double gaussian) {
        return Math.round(Math.exp(mu + sigma * gaussian));
    }
}
