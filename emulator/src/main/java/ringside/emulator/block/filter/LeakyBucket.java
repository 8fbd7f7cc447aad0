package ringside.emulator.block.filter;

import ringside.emulator.block.ThrottleLimits;

/**
 * A leaky bucket with bursts (QEMU: docs/throttle.txt). What is done flows in, and leaks at the average rate; a request must wait
 * while there is more in the bucket than it holds. A second bucket that leaks at the rate of the burst keeps a long burst from being done
 * at once. Whoever calls holds the lock of the group.
 */
final class LeakyBucket {
    private static final double NS_PER_SECOND = 1e9;

    /** What may be done at once without a burst allowance, and within one: a tenth of a second's worth. */
    private static final double AT_ONCE_SECONDS = 0.1;

    private final double averagePerNs;
    private final double maxPerNs;
    private final double holds;
    private final double burstHolds;
    private final boolean longBurst;
    private double level;
    private double burstLevel;

    LeakyBucket(ThrottleLimits.Bucket limit) {
        averagePerNs = limit.average() / NS_PER_SECOND;
        maxPerNs = limit.max() / NS_PER_SECOND;
        longBurst = limit.maxLengthSeconds() > 1;
        holds = limit.max() == 0 ? limit.average() * AT_ONCE_SECONDS : limit.max() * limit.maxLengthSeconds();
        burstHolds = limit.max() * AT_ONCE_SECONDS;
    }

    void leak(long elapsedNs) {
        level = Math.max(0, level - averagePerNs * elapsedNs);
        burstLevel = Math.max(0, burstLevel - maxPerNs * elapsedNs);
    }

    /** How long until the next request may go, in ns; 0: now. */
    double waitNs() {
        if (averagePerNs == 0) {
            return 0;
        }
        double wait = Math.max(0, level - holds) / averagePerNs;
        return longBurst ? Math.max(wait, Math.max(0, burstLevel - burstHolds) / maxPerNs) : wait;
    }

    void add(double units) {
        if (averagePerNs > 0) {
            level += units;
            burstLevel += units;
        }
    }
}
