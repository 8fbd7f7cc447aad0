package ringside.workloads.load;

import java.util.List;
import ringside.workloads.target.IoTarget;
import ringside.workloads.unit.IoUnit;

/**
 * Drives one queue for all lanes on it: reap, give each unit back to its lane, refill, commit once. Confined to one load
 * thread. No method allocates.
 *
 * <p>The clock is read once per reaped batch, after the whole batch was taken (so no latency is shortened), once per
 * lane and turn when it begins to create requests (writes: once per request, after its stamps were made), and once per
 * batch just before the commit: from there on the device may see the requests.
 * A target that knows the moment better may set {@link IoUnit#submitNs} itself.
 */
public final class QueueDriver {
    private final IoTarget target;
    private final Lane[] lanes;
    private final Lane[] owners;
    private final IoUnit[] reaped;
    private final SubmitBatch submitted;
    private final LoadMeter meter;

    /**
     * @param target the queue
     * @param lanes the lanes on it; their units' indexes are distinct and 0 .. sum of depths - 1
     * @param meter totals of the load thread
     */
    public QueueDriver(IoTarget target, List<Lane> lanes, LoadMeter meter) {
        this.target = target;
        this.lanes = lanes.toArray(Lane[]::new);
        int units = lanes.stream().mapToInt(lane -> lane.setup().units().length).sum();
        this.reaped = new IoUnit[units];
        this.submitted = new SubmitBatch(units);
        this.owners = new Lane[units];
        this.meter = meter;
        for (Lane lane : lanes) {
            for (IoUnit unit : lane.setup().units()) {
                owners[unit.index] = lane;
            }
        }
    }

    /** One turn. Returns how many requests were reaped or submitted; 0 means that there is nothing to do now. */
    public int step() {
        return reap() + submit();
    }

    /** See {@link IoTarget#prepareToHalt()}. */
    public boolean prepareToHalt() {
        return target.prepareToHalt();
    }

    /** When the next request that waits for its moment is due; Long.MAX_VALUE when none waits. */
    public long nextDueNs() {
        long nextNs = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            nextNs = Math.min(nextNs, lane.nextDueNs());
        }
        return nextNs;
    }

    /** Whether all lanes are done. */
    public boolean isDone() {
        for (Lane lane : lanes) {
            if (!lane.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Opens the window of all lanes. */
    public void beginMeasure(long nowNs) {
        for (Lane lane : lanes) {
            lane.beginMeasure(nowNs);
        }
    }

    /** Closes the window of all lanes. */
    public void endMeasure(long nowNs) {
        for (Lane lane : lanes) {
            lane.endMeasure(nowNs);
        }
    }

    private int reap() {
        int count = 0;
        IoUnit unit;
        while (count < reaped.length && (unit = target.poll()) != null) {
            reaped[count++] = unit;
        }
        if (count > 0) {
            account(reaped, count, System.nanoTime());
        }
        return count;
    }

    private int submit() {
        submitted.clear();
        for (Lane lane : lanes) {
            lane.refill(target, submitted);
        }
        if (submitted.queuedCount > 0) {
            stamp(System.nanoTime());
            target.commit();
        }
        if (submitted.completedCount > 0) {
            account(submitted.completed, submitted.completedCount, System.nanoTime());
        }
        return submitted.queuedCount + submitted.completedCount;
    }

    private void stamp(long nowNs) {
        for (int i = 0; i < submitted.queuedCount; i++) {
            IoUnit unit = submitted.queued[i];
            if (unit.submitNs == 0) {
                unit.submitNs = nowNs;
            }
        }
    }

    private void account(IoUnit[] units, int count, long nowNs) {
        long ios = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            IoUnit unit = units[i];
            if (unit.submitNs == 0) {
                unit.submitNs = unit.createNs;
            }
            if (owners[unit.index].complete(unit, nowNs)) {
                ios++;
                bytes += unit.lengthBytes;
            }
        }
        meter.add(nowNs, ios, bytes);
    }
}
