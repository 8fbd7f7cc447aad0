package ringside.emulator.aio.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.aio.AioCounters;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.AioQueue;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.TracePoint;

/**
 * aio=native: one io_submit per batch, completions reaped from the ring that the kernel maps into the process; an eventfd
 * tells a loop that sleeps. Truly asynchronous only on files opened with O_DIRECT, which the block layer sees to.
 *
 * <p>Linux AIO knows no fallocate, and on some file systems no fdatasync: both go to the loop's worker threads.
 */
public final class LinuxAioEngine implements AioEngine {
    private static final int DEPTH = 256;
    private static final int BATCH = 64;

    private final AioRing ring;
    private final LoopContext loop;
    private final AioCounters counters;
    private final AioEngine workers;
    private final EventNotifier completed = new EventNotifier();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment iocbs = arena.allocate((long) DEPTH * IocbLayout.BYTES, 64);
    private final MemorySegment pointers = arena.allocate(ValueLayout.JAVA_LONG, BATCH);
    private final AioQueue waiting = new AioQueue();
    private final AioOp[] bySlot = new AioOp[DEPTH];
    private final int[] freeSlots = new int[DEPTH];
    private int freeCount = DEPTH;
    private int inFlight;
    private int inKernel;

    /** Slots that were filled in and that the kernel has not taken yet, oldest first. */
    private final int[] prepared = new int[BATCH];

    private int preparedCount;
    private boolean workersHaveMore;

    /**
     * @param loop the loop whose task this engine will be
     * @param workers the same loop's worker threads, for what Linux AIO cannot do
     * @throws ringside.emulator.ffi.NativeException when the host refuses, with the remedy
     */
    public LinuxAioEngine(LoopContext loop, AioCounters counters, AioEngine workers) {
        this.loop = loop;
        this.counters = counters;
        this.workers = workers;
        this.ring = new AioRing(DEPTH);
        for (int i = 0; i < DEPTH; i++) {
            freeSlots[i] = DEPTH - 1 - i;
            IocbLayout.init(iocbs, i, completed.fd());
        }
    }

    @Override
    public void submit(AioOp op) {
        if (op.opcode == AioOpcode.FALLOCATE) {
            delegate(op);
            return;
        }
        op.begin();
        waiting.add(op);
        inFlight++;
    }

    private void delegate(AioOp op) {
        workers.submit(op);
        workersHaveMore = true;
    }

    @Override
    public void commit() {
        boolean taken = true;
        while (taken && (preparedCount > 0 || !waiting.isEmpty())) {
            prepare();
            taken = preparedCount > 0 && submitPrepared();
        }
        if (workersHaveMore) {
            workersHaveMore = false;
            workers.commit();
        }
        if (inKernel == 0 && preparedCount > 0) {
            loop.wake(); // nothing in the kernel would wake the loop to try again
        }
    }

    private void prepare() {
        while (preparedCount < BATCH && freeCount > 0 && !waiting.isEmpty()) {
            AioOp op = waiting.poll();
            int slot = freeSlots[--freeCount];
            bySlot[slot] = op;
            fill(slot, op);
            prepared[preparedCount++] = slot;
            if (op.timeline != null) {
                op.timeline.stamp(op.timelineHead, TracePoint.AIO_SUBMIT);
            }
        }
    }

    private void fill(int slot, AioOp op) {
        long offset = op.offsetBytes + op.doneBytes();
        long address = op.address + op.doneBytes();
        switch (op.opcode) {
            case READ -> put(slot, IocbLayout.IOCB_CMD_PREAD, op, address, op.remainingBytes(), offset);
            case WRITE -> put(slot, IocbLayout.IOCB_CMD_PWRITE, op, address, op.remainingBytes(), offset);
            case READV -> put(slot, IocbLayout.IOCB_CMD_PREADV, op, op.address, op.iovCount, offset);
            case WRITEV -> put(slot, IocbLayout.IOCB_CMD_PWRITEV, op, op.address, op.iovCount, offset);
            case FDATASYNC -> IocbLayout.put(iocbs, slot, IocbLayout.IOCB_CMD_FDSYNC, op.fd, 0, 0, 0, 0);
            case FALLOCATE -> throw new IllegalStateException("fallocate is delegated");
        }
    }

    private void put(int slot, int opcode, AioOp op, long address, long length, long offset) {
        IocbLayout.put(iocbs, slot, opcode, op.fd, address, length, offset, op.flags);
    }

    /** One io_submit. Returns whether the kernel may take more. */
    private boolean submitPrepared() {
        for (int i = 0; i < preparedCount; i++) {
            pointers.setAtIndex(ValueLayout.JAVA_LONG, i, iocbs.address() + (long) prepared[i] * IocbLayout.BYTES);
        }
        int result;
        do {
            result = LibC.ioSubmit(ring.context(), preparedCount, pointers.address());
        } while (result == -Errno.EINTR);
        if (result == -Errno.EAGAIN) {
            return false; // no room in the kernel until something completes
        }
        if (result < 0) {
            refuseFirst(result);
            return true;
        }
        if (result > 0) {
            counters.batch(result);
            inKernel += result;
            forget(result);
        }
        return result > 0;
    }

    /** The kernel says no to the first operation only; the others are still to be tried. */
    private void refuseFirst(int result) {
        int slot = prepared[0];
        AioOp op = release(slot);
        forget(1);
        if (op.opcode == AioOpcode.FDATASYNC && (result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP)) {
            inFlight--;
            delegate(op);
        } else {
            complete(op, result);
        }
    }

    private void forget(int count) {
        preparedCount -= count;
        System.arraycopy(prepared, count, prepared, 0, preparedCount);
    }

    private AioOp release(int slot) {
        AioOp op = bySlot[slot];
        bySlot[slot] = null;
        freeSlots[freeCount++] = slot;
        return op;
    }

    @Override
    public void countBounce() {
        counters.bounce();
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public String roleName() {
        return "aio-native";
    }

    @Override
    public int pollFd() {
        return completed.fd();
    }

    @Override
    public void acknowledge() {
        completed.clear();
    }

    @Override
    public int doWork() {
        if (inFlight == 0) {
            return 0;
        }
        int work = 0;
        while (ring.ready()) {
            int slot = ring.slot();
            long result = ring.result();
            ring.advance();
            inKernel--;
            complete(release(slot), result);
            work++;
        }
        if (preparedCount > 0 || !waiting.isEmpty() || workersHaveMore) {
            commit(); // completions made room or submitted more, or the kernel had refused for the moment
        }
        return work;
    }

    private void complete(AioOp op, long result) {
        if (!op.absorb(result)) {
            waiting.add(op); // the rest of a short transfer, or a transient refusal
            return;
        }
        if (op.timeline != null) {
            op.timeline.stamp(op.timelineHead, TracePoint.AIO_COMPLETE);
        }
        inFlight--;
        op.completion.completed(op);
    }

    @Override
    public boolean prepareToBlock() {
        return inFlight > 0 && (ring.ready() || inKernel == 0);
    }

    @Override
    public void close() {
        ring.close();
        completed.close();
        arena.close();
    }
}
