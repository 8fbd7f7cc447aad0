package ringside.workloads.load;

import java.util.Arrays;
import ringside.workloads.job.DirectionRates;
import ringside.workloads.job.JobPacing;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.RateProcess;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.unit.IoUnit;

/**
 * The schedule of one lane: when each request is due. It goes on whatever the device does, so that a lane that was held up
 * catches up. Confined to one thread; does not allocate.
 *
 * <p>In an open loop all directions share one schedule, whose rate is the sum of those of the directions in use. Otherwise
 * each direction has its own, and one without a rate is always due, as in fio.
 */
final class Pacer {
    private static final double NS_PER_S = 1e9;

    private final double[] nsPerRequest;
    private final double[] nsPerByte;
    private final boolean shared;
    private final boolean poisson;
    private final SplitMix64 random;

    /** When the next request of a direction is due, in parts of a nanosecond: distances do not lose their fractions. */
    private final double[] dueNs;

    private long originNs;

    Pacer(JobSpec job, long seed) {
        JobPacing pacing = job.pacing();
        this.shared = pacing.openLoop();
        this.poisson = pacing.process() == RateProcess.POISSON;
        this.random = new SplitMix64(seed);
        this.nsPerRequest = distances(job, pacing.iops());
        this.nsPerByte = distances(job, pacing.bytes());
        this.dueNs = new double[IoUnit.Op.values().length];
    }

    private double[] distances(JobSpec job, DirectionRates rates) {
        double[] perSecond = new double[IoUnit.Op.values().length];
        perSecond[IoUnit.Op.READ.ordinal()] = rates.read();
        perSecond[IoUnit.Op.WRITE.ordinal()] = rates.write();
        perSecond[IoUnit.Op.TRIM.ordinal()] = rates.trim();
        double total = 0;
        for (IoUnit.Op op : RequestSource.directions(job)) {
            total += perSecond[op.ordinal()];
        }
        double[] distances = new double[perSecond.length];
        for (IoUnit.Op op : RequestSource.directions(job)) {
            double rate = shared ? total : perSecond[op.ordinal()];
            distances[op.ordinal()] = rate == 0 ? 0 : NS_PER_S / rate;
        }
        return distances;
    }

    /** Begins the schedule: the first request is due now, of a Poisson process after its first distance. */
    void begin(long nowNs) {
        originNs = nowNs;
        for (int i = 0; i < dueNs.length; i++) {
            dueNs[i] = poisson ? distance(nsPerRequest[i]) : 0;
        }
        if (shared) {
            Arrays.fill(dueNs, dueNs[0]);
        }
    }

    /** When the next request of this direction is due; takes it out of the schedule. */
    long take(IoUnit.Op op, int lengthBytes) {
        int direction = op.ordinal();
        double due = dueNs[direction];
        double next = due + distance(nsPerRequest[direction] + nsPerByte[direction] * lengthBytes);
        if (shared) {
            Arrays.fill(dueNs, next);
        } else {
            dueNs[direction] = next;
        }
        return originNs + (long) due;
    }

    /** How many requests of this length are due up to a moment and were not taken; uses the schedule up. Open loop only. */
    long skipUntil(IoUnit.Op op, int lengthBytes, long endNs) {
        long skipped = 0;
        while (originNs + (long) dueNs[op.ordinal()] <= endNs) {
            take(op, lengthBytes);
            skipped++;
        }
        return skipped;
    }

    private double distance(double meanNs) {
        // 1 - u is in (0, 1], so the logarithm is finite.
        return poisson ? -Math.log(1 - random.nextDouble()) * meanNs : meanNs;
    }
}
