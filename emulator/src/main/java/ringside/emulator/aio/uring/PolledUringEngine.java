package ringside.emulator.aio.uring;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.NativeException;

/**
 * aio=io_uring,iopoll=on: the device is polled for completions. Such a ring takes reads and writes only; flushes and
 * fallocate go to the loop's worker threads. While anything is in flight the loop does not sleep: nothing would wake it.
 */
public final class PolledUringEngine implements AioEngine {
    private static final long TRIAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int TRIAL_BYTES = 4096;

    private final IoUringEngine ring;
    private final AioEngine workers;
    private boolean workersHaveMore;

    /**
     * @param ring made with iopoll; this engine is its only user
     * @param workers the same loop's worker threads
     */
    public PolledUringEngine(IoUringEngine ring, AioEngine workers) {
        this.ring = ring;
        this.workers = workers;
    }

    /**
     * Reads once, because only that shows whether a file can be polled.
     *
     * @throws NativeException when it cannot, with the remedy
     */
    @Override
    public void attachFile(int fd) {
        ring.attachFile(fd);
        int result = trial(fd);
        if (result < 0) {
            ring.detachFile(fd);
            throw new NativeException(
                    "iopoll=on: this image cannot be polled: " + Errno.describe(-result)
                            + "; its file system or device has no polling, use iopoll=off",
                    -result);
        }
    }

    private int trial(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            boolean[] done = new boolean[1];
            AioOp op = new AioOp(_ -> done[0] = true);
            op.opcode = AioOpcode.READ;
            op.fd = fd;
            op.address = arena.allocate(TRIAL_BYTES, TRIAL_BYTES).address();
            op.lengthBytes = TRIAL_BYTES;
            ring.submit(op);
            ring.commit();
            long start = System.nanoTime();
            while (!done[0] && System.nanoTime() - start < TRIAL_NS) {
                doWork();
            }
            if (!done[0]) {
                throw new IllegalStateException("a polled read did not come back within 5 s");
            }
            return op.result;
        }
    }

    @Override
    public void detachFile(int fd) {
        ring.detachFile(fd);
    }

    @Override
    public void offerBuffers(long[] addresses, long[] bytes) {
        ring.offerBuffers(addresses, bytes);
    }

    @Override
    public void submit(AioOp op) {
        if (op.opcode == AioOpcode.FDATASYNC || op.opcode == AioOpcode.FALLOCATE) {
            workers.submit(op);
            workersHaveMore = true;
        } else {
            ring.submit(op);
        }
    }

    @Override
    public void commit() {
        ring.commit();
        if (workersHaveMore) {
            workersHaveMore = false;
            workers.commit();
        }
    }

    @Override
    public void countBounce() {
        ring.countBounce();
    }

    @Override
    public int inFlight() {
        return ring.inFlight();
    }

    @Override
    public String roleName() {
        return "io_uring-iopoll";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int work = 0;
        if (ring.inFlight() > 0) {
            ring.pollDevice();
            work = ring.doWork();
        }
        if (workersHaveMore) {
            commit();
        }
        return work;
    }

    @Override
    public boolean prepareToBlock() {
        return ring.inFlight() > 0 || workersHaveMore;
    }

    @Override
    public void close() {
        ring.close();
    }
}
