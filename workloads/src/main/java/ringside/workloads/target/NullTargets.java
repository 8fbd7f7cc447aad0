package ringside.workloads.target;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;

/**
 * Disks that complete every request as soon as it is committed and move no data. What a run against them costs is the
 * cost of the load generator itself.
 */
public final class NullTargets implements TargetSet {
    private final int disks;
    private final int queuesPerDisk;
    private final long capacityBytes;
    private final int maxDepth;
    private final Arena arena = Arena.ofShared();

    /**
     * @param disks number of disks
     * @param queuesPerDisk queues of each
     * @param capacityBytes size of each
     * @param maxDepth largest number of requests in flight per queue
     */
    public NullTargets(int disks, int queuesPerDisk, long capacityBytes, int maxDepth) {
        this.disks = disks;
        this.queuesPerDisk = queuesPerDisk;
        this.capacityBytes = capacityBytes;
        this.maxDepth = maxDepth;
    }

    @Override
    public int disks() {
        return disks;
    }

    @Override
    public int queuesPerDisk() {
        return queuesPerDisk;
    }

    @Override
    public IoTarget open(int disk, int queue, int thread) {
        return new NullTarget(capacityBytes, maxDepth, arena);
    }

    @Override
    public HaltPolicy haltPolicy(int thread) {
        return LockSupport::parkNanos;
    }

    @Override
    public void close() {
        arena.close();
    }
}
