package ringside.emulator.block;

import java.util.Optional;

/**
 * Delays every request by a latency drawn from a log-normal distribution, so that one machine can stand for slower storage.
 *
 * @param file what is delayed
 * @param averageNs mean of the latency in ns, above 0
 * @param p99Ns 99th percentile of the latency in ns, at least the mean
 * @param seed of the random sequence
 */
public record DelaySpec(BlockNodeSpec file, long averageNs, long p99Ns, long seed) implements BlockNodeSpec {
    public DelaySpec {
        LogNormal.check(averageNs, p99Ns);
    }

    /** The distribution. */
    public LogNormal distribution() {
        return LogNormal.of(averageNs, p99Ns);
    }

    @Override
    public String driver() {
        return "delay";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
