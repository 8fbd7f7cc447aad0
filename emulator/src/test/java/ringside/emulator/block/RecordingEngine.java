package ringside.emulator.block;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.aio.AioContext;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.eventloop.LoopContext;

/** An engine that notes each operation and ends it at once with a given result, and the context that offers it. */
final class RecordingEngine implements AioEngine, AioContext {
    /** An operation as it was when it was submitted. */
    record Seen(AioOpcode opcode, int flags, long offsetBytes, long lengthBytes) {}

    final List<Seen> seen = new ArrayList<>();
    private final TestLoop loop = new TestLoop();
    private final Map<AioOpcode, Integer> failures = new EnumMap<>(AioOpcode.class);

    /** Operations of this kind fail from now on. */
    void fail(AioOpcode opcode, int errno) {
        failures.put(opcode, errno);
    }

    List<AioOpcode> opcodes() {
        return seen.stream().map(Seen::opcode).toList();
    }

    @Override
    public void submit(AioOp op) {
        seen.add(new Seen(op.opcode, op.flags, op.offsetBytes, op.lengthBytes));
        int errno = failures.getOrDefault(op.opcode, 0);
        op.result = errno == 0 ? (int) op.lengthBytes : -errno;
        op.completion.completed(op);
    }

    @Override
    public void commit() {
        // every operation has ended already
    }

    @Override
    public void countBounce() {
        // not of interest here
    }

    @Override
    public int inFlight() {
        return 0;
    }

    @Override
    public String roleName() {
        return "recording";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public boolean prepareToBlock() {
        return false;
    }

    @Override
    public LoopContext loop() {
        return loop;
    }

    @Override
    public AioEngine engine(AioKind kind) {
        return this;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
