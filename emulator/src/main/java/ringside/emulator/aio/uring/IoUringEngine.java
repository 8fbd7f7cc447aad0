package ringside.emulator.aio.uring;

import ringside.emulator.aio.AioCounters;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.AioQueue;
import ringside.emulator.aio.UringOptions;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.TracePoint;

/**
 * aio=io_uring: one ring per loop, one io_uring_enter per batch, completions reaped from shared memory.
 *
 * <p>At most as many operations are in the kernel as the completion ring holds, so it never overflows; the rest waits
 * in order. user_data is the index of the operation's slot. The ring is not bound to one submitting thread, because
 * under the big lock every vCPU submits.
 */
public final class IoUringEngine implements AioEngine {
    private static final int ENTRIES = 256;

    /** What one read or write moves at most (MAX_RW_COUNT of the kernel); the rest is submitted as after a short one. */
    private static final long MAX_TRANSFER_BYTES = 0x7fff_f000L;

    /** io_uring_enter(2), so that a test can refuse as the kernel does when it is short of memory. */
    @FunctionalInterface
    interface Enter {
        /** Returns how many entries were taken, or a negative errno. */
        int enter(int ringFd, int toSubmit);
    }

    private final UringRing ring;
    private final RegisteredFiles files;
    private final RegisteredBuffers buffers;
    private final LoopContext loop;
    private final AioCounters counters;
    private final Enter kernel;
    private final AioQueue waiting = new AioQueue();
    private final AioOp[] bySlot;

    /** Who handed the operation in a slot to the kernel. */
    private final Thread[] submitterBySlot;

    private final int[] freeSlots;
    private int freeCount;
    private int inFlight;

    /**
     * @param loop the loop whose task this engine will be
     * @throws ringside.emulator.ffi.NativeException when the host refuses io_uring, with the remedy
     */
    public IoUringEngine(LoopContext loop, AioCounters counters) {
        this(loop, counters, UringOptions.DEFAULT);
    }

    /**
     * @param options what the ring may do beyond the usual
     * @throws ringside.emulator.ffi.NativeException when the host refuses, with the remedy
     */
    public IoUringEngine(LoopContext loop, AioCounters counters, UringOptions options) {
        this(loop, counters, options, (ringFd, toSubmit) -> LibC.ioUringEnter(ringFd, toSubmit, 0, 0));
    }

    IoUringEngine(LoopContext loop, AioCounters counters, UringOptions options, Enter kernel) {
        this.loop = loop;
        this.counters = counters;
        this.kernel = kernel;
        this.ring = new UringRing(ENTRIES, options);
        this.files = new RegisteredFiles(ring.fd());
        this.buffers = new RegisteredBuffers(ring.fd(), options.registeredBuffers());
        int depth = ring.cqEntries();
        this.bySlot = new AioOp[depth];
        this.submitterBySlot = new Thread[depth];
        this.freeSlots = new int[depth];
        for (int i = 0; i < depth; i++) {
            freeSlots[i] = depth - 1 - i;
        }
        this.freeCount = depth;
    }

    @Override
    public void submit(AioOp op) {
        op.begin();
        waiting.add(op);
        inFlight++;
    }

    @Override
    public void commit() {
        int pushed = 0;
        while (!waiting.isEmpty() && freeCount > 0) {
            if (ring.sqSpace() == 0 && (ring.sqpoll() || !enter())) {
                break; // completions of what is in flight will bring us here again
            }
            push(waiting.poll());
            pushed++;
        }
        if (pushed > 0) {
            counters.batch(pushed);
        }
        handOver();
        if (mustCommitAgain()) {
            // A vCPU may have submitted while the loop sleeps, and with nothing in the kernel nothing would wake it.
            loop.wake();
        }
    }

    private void handOver() {
        if (ring.sqpoll()) {
            if (ring.unsubmitted() > 0 && ring.needsWakeUp()) {
                LibC.ioUringEnter(ring.fd(), 0, 0, UringConstants.IORING_ENTER_SQ_WAKEUP);
            }
            return;
        }
        // The kernel may stop early, for example behind an entry that it refuses at once.
        while (ring.unsubmitted() > 0 && enter()) {
            continue;
        }
    }

    private boolean mustCommitAgain() {
        if (ring.sqpoll()) {
            return !waiting.isEmpty() && freeCount > 0 && ring.sqSpace() > 0;
        }
        return ring.unsubmitted() > 0 || !waiting.isEmpty() && freeCount > 0;
    }

    private void push(AioOp op) {
        int slot = freeSlots[--freeCount];
        bySlot[slot] = op;
        submitterBySlot[slot] = Thread.currentThread();
        if (op.timeline != null) {
            op.timeline.stamp(op.timelineHead, TracePoint.AIO_SUBMIT);
        }
        int index = ring.sqIndex();
        fill(index, op);
        int file = files.indexOf(op.fd);
        if (file != RegisteredFiles.NONE) {
            SqeLayout.useRegisteredFile(ring.sqes(), index, file);
        }
        SqeLayout.putUserData(ring.sqes(), index, slot);
        ring.pushed();
    }

    private void fill(int index, AioOp op) {
        long offset = op.offsetBytes + op.doneBytes();
        int remaining = (int) Math.min(op.remainingBytes(), MAX_TRANSFER_BYTES);
        switch (op.opcode) {
            case READ -> transfer(index, op, remaining);
            case WRITE -> transfer(index, op, remaining);
            case READV -> put(index, UringConstants.IORING_OP_READV, op, offset, op.address, op.iovCount);
            case WRITEV -> put(index, UringConstants.IORING_OP_WRITEV, op, offset, op.address, op.iovCount);
            case FDATASYNC ->
                SqeLayout.put(
                        ring.sqes(),
                        index,
                        UringConstants.IORING_OP_FSYNC,
                        op.fd,
                        0,
                        0,
                        0,
                        UringConstants.IORING_FSYNC_DATASYNC);
            // fallocate passes its length in the address field and its mode in the length field
            case FALLOCATE ->
                SqeLayout.put(
                        ring.sqes(),
                        index,
                        UringConstants.IORING_OP_FALLOCATE,
                        op.fd,
                        op.offsetBytes,
                        op.lengthBytes,
                        op.flags,
                        0);
        }
    }

    /** One buffer: by its place in registered memory where it lies in such. */
    private void transfer(int index, AioOp op, int bytes) {
        long address = op.address + op.doneBytes();
        long offset = op.offsetBytes + op.doneBytes();
        boolean read = op.opcode == AioOpcode.READ;
        int buffer = buffers.indexOf(address, bytes);
        if (buffer == RegisteredBuffers.NONE) {
            int opcode = read ? UringConstants.IORING_OP_READ : UringConstants.IORING_OP_WRITE;
            put(index, opcode, op, offset, address, bytes);
            return;
        }
        int opcode = read ? UringConstants.IORING_OP_READ_FIXED : UringConstants.IORING_OP_WRITE_FIXED;
        put(index, opcode, op, offset, address, bytes);
        SqeLayout.useRegisteredBuffer(ring.sqes(), index, buffer);
        counters.registered();
    }

    private void put(int index, int opcode, AioOp op, long offset, long address, int length) {
        SqeLayout.put(ring.sqes(), index, opcode, op.fd, offset, address, length, op.flags);
    }

    /** One io_uring_enter for all that was pushed. Returns false when the kernel takes nothing for now. */
    private boolean enter() {
        int result;
        do {
            result = kernel.enter(ring.fd(), ring.unsubmitted());
        } while (result == -Errno.EINTR);
        if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EBUSY) {
            throw new IllegalStateException("io_uring_enter failed: " + Errno.describe(-result));
        }
        return result > 0;
    }

    @Override
    public void attachFile(int fd) {
        files.add(fd);
    }

    @Override
    public void detachFile(int fd) {
        files.remove(fd);
    }

    @Override
    public void offerBuffers(long[] addresses, long[] bytes) {
        buffers.replace(addresses, bytes);
    }

    /** Asks the device for completions, which on a ring with iopoll come in no other way. */
    void pollDevice() {
        LibC.ioUringEnter(ring.fd(), 0, 0, UringConstants.IORING_ENTER_GETEVENTS);
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
        return "io_uring";
    }

    @Override
    public int pollFd() {
        return ring.fd();
    }

    @Override
    public int doWork() {
        if (inFlight == 0) {
            return 0;
        }
        int work = 0;
        while (ring.cqReady()) {
            int slot = (int) ring.cqUserData();
            int result = ring.cqResult();
            ring.cqAdvance();
            AioOp op = bySlot[slot];
            boolean abandoned = isAbandoned(slot, result);
            bySlot[slot] = null;
            submitterBySlot[slot] = null;
            freeSlots[freeCount++] = slot;
            if (abandoned) {
                waiting.add(op);
            } else {
                complete(op, result);
            }
            work++;
        }
        if (!waiting.isEmpty() || !ring.sqpoll() && ring.unsubmitted() > 0) {
            commit(); // completions made room or submitted more, or the kernel had refused for the moment
        }
        return work;
    }

    /**
     * Whether the kernel gave up because the submitting thread had ended: a buffered read that missed the page cache
     * goes on in the context of its submitter, and fails with EFAULT (newer kernels: ECANCELED) when that is gone. This
     * thread submits it again; an operation that it submitted itself has really failed.
     */
    private boolean isAbandoned(int slot, int result) {
        return (result == -Errno.EFAULT || result == -Errno.ECANCELED)
                && submitterBySlot[slot] != Thread.currentThread();
    }

    private void complete(AioOp op, int result) {
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
        return inFlight > 0 && (ring.cqReady() || mustCommitAgain());
    }

    @Override
    public void close() {
        ring.close();
    }
}
