package ringside.workloads.target;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/**
 * Disks in heap memory that complete in a random order, sometimes refuse a unit, sometimes complete it at once, and
 * check the rules of the contract: one thread, no unit submitted twice, nothing beyond the disk.
 */
public final class FakeTargets implements TargetSet {
    private final int disks;
    private final int queuesPerDisk;
    private final byte[][] contents;
    private final List<FakeTarget> opened = new ArrayList<>();
    private int maxDepth = 1024;
    private int busyEvery;
    private int completedEvery;
    private int holdBack;
    private boolean readOnly;
    private LongUnaryOperator errnoAt = _ -> 0;

    public FakeTargets(int disks, int queuesPerDisk, int capacityBytes) {
        this.disks = disks;
        this.queuesPerDisk = queuesPerDisk;
        this.contents = new byte[disks][capacityBytes];
    }

    public FakeTargets withMaxDepth(int value) {
        maxDepth = value;
        return this;
    }

    /** Every n-th submit is BUSY. */
    public FakeTargets withBusyEvery(int value) {
        busyEvery = value;
        return this;
    }

    /** Every n-th submit completes at once. */
    public FakeTargets withCompletedEvery(int value) {
        completedEvery = value;
        return this;
    }

    /** So many units per queue are never given back. */
    public FakeTargets withHoldBack(int value) {
        holdBack = value;
        return this;
    }

    public FakeTargets withReadOnly() {
        readOnly = true;
        return this;
    }

    /** Errno by offset of the request. */
    public FakeTargets withErrnoAt(LongUnaryOperator value) {
        errnoAt = value;
        return this;
    }

    public byte[] contents(int disk) {
        return contents[disk];
    }

    public List<FakeTarget> opened() {
        return opened;
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
    public boolean readOnly(int disk) {
        return readOnly;
    }

    @Override
    public FakeTarget open(int disk, int queue, int thread) {
        FakeTarget target = new FakeTarget(
                new FakeTarget.Rules(disk, queue, maxDepth, busyEvery, completedEvery, holdBack, errnoAt),
                contents[disk]);
        opened.add(target);
        return target;
    }

    @Override
    public HaltPolicy haltPolicy(int thread) {
        return maxNs -> LockSupport.parkNanos(Math.min(maxNs, 50_000));
    }

    @Override
    public void close() {}
}
