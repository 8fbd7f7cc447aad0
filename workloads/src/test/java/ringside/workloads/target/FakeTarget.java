package ringside.workloads.target;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import ringside.workloads.unit.IoUnit;

/** See {@link FakeTargets}. */
public final class FakeTarget implements IoTarget {
    record Rules(
            int disk,
            int queue,
            int maxDepth,
            int busyEvery,
            int completedEvery,
            int holdBack,
            LongUnaryOperator errnoAt) {}

    private final Rules rules;
    private final byte[] contents;
    private final Random random = new Random(7);
    private final BitSet owned = new BitSet();
    private final List<IoUnit> queued = new ArrayList<>();
    private final List<IoUnit> visible = new ArrayList<>();
    private Thread owner;
    private int submits;
    public int depth;
    public int bufferBytes;
    public int maxInFlight;
    public int minInFlightAtCommit = Integer.MAX_VALUE;
    public int commits;
    public final List<Integer> submitsPerCommit = new ArrayList<>();
    public int emptyCommits;
    public int flushes;
    public boolean closed;
    public String violation = "";

    FakeTarget(Rules rules, byte[] contents) {
        this.rules = rules;
        this.contents = contents;
    }

    public int disk() {
        return rules.disk;
    }

    public int queue() {
        return rules.queue;
    }

    public String threadName() {
        return owner == null ? "" : owner.getName();
    }

    @Override
    public long capacityBytes() {
        return contents.length;
    }

    @Override
    public int maxDepth() {
        return rules.maxDepth;
    }

    @Override
    public IoUnit[] allocateUnits(int wantedDepth, int bytes) {
        depth = wantedDepth;
        bufferBytes = bytes;
        IoUnit[] units = new IoUnit[wantedDepth];
        for (int i = 0; i < wantedDepth; i++) {
            MemorySegment buffer = Arena.ofAuto().allocate(bytes, 8);
            units[i] = new IoUnit(i, buffer, buffer.address());
        }
        return units;
    }

    @Override
    public SubmitStatus submit(IoUnit unit) {
        checkThread();
        submits++;
        if (rules.busyEvery > 0 && submits % rules.busyEvery == 0) {
            return SubmitStatus.BUSY;
        }
        check(!owned.get(unit.index), "unit submitted twice");
        check(
                unit.offsetBytes >= 0 && unit.offsetBytes + unit.lengthBytes <= contents.length,
                "request beyond the disk");
        boolean movesData = unit.op == IoUnit.Op.READ || unit.op == IoUnit.Op.WRITE;
        check(!movesData || unit.lengthBytes <= unit.buffer.byteSize(), "request larger than its buffer");
        check(unit.createNs != 0 && unit.submitNs == 0 && unit.error == 0, "unit not reset");
        if (rules.completedEvery > 0 && submits % rules.completedEvery == 0) {
            execute(unit);
            return SubmitStatus.COMPLETED;
        }
        owned.set(unit.index);
        maxInFlight = Math.max(maxInFlight, owned.cardinality());
        queued.add(unit);
        return SubmitStatus.QUEUED;
    }

    @Override
    public void commit() {
        checkThread();
        commits++;
        emptyCommits += queued.isEmpty() ? 1 : 0;
        submitsPerCommit.add(queued.size());
        queued.forEach(unit -> check(unit.submitNs != 0, "committed without a time"));
        visible.addAll(queued);
        queued.clear();
        minInFlightAtCommit = Math.min(minInFlightAtCommit, owned.cardinality());
    }

    @Override
    public IoUnit poll() {
        checkThread();
        if (visible.size() <= rules.holdBack || random.nextInt(4) == 0) {
            return null;
        }
        IoUnit unit = visible.remove(random.nextInt(visible.size()));
        owned.clear(unit.index);
        execute(unit);
        return unit;
    }

    @Override
    public boolean prepareToHalt() {
        return visible.size() > rules.holdBack;
    }

    @Override
    public void close() {
        check(owner == null || owner != Thread.currentThread(), "closed by the load thread");
        closed = true;
    }

    private void execute(IoUnit unit) {
        unit.error = (int) rules.errnoAt.applyAsLong(unit.offsetBytes);
        if (unit.error != 0) {
            return;
        }
        MemorySegment disk = MemorySegment.ofArray(contents).asSlice(unit.offsetBytes, unit.lengthBytes);
        switch (unit.op) {
            case READ -> MemorySegment.copy(disk, 0, unit.buffer, 0, unit.lengthBytes);
            case WRITE ->
                MemorySegment.copy(
                        unit.buffer, ValueLayout.JAVA_BYTE, 0, contents, (int) unit.offsetBytes, unit.lengthBytes);
            case TRIM -> disk.fill((byte) 0);
            case FLUSH -> flushes++;
        }
    }

    private void checkThread() {
        if (owner == null) {
            owner = Thread.currentThread();
        }
        check(owner == Thread.currentThread(), "driven by two threads");
    }

    private void check(boolean holds, String what) {
        if (!holds && violation.isEmpty()) {
            violation = what;
        }
    }
}
