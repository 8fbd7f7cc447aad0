package ringside.emulator.aio.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioCounters;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.ffi.LibC;

/** Under the big lock a vCPU thread submits, and may end before the main loop has reaped. */
class SubmitterExitTest {
    private static final int ROUNDS = 20;
    private static final int OPERATIONS = 128;
    private static final int BLOCK_BYTES = 4096;
    private static final int SPACING_BYTES = 256 << 10;
    private static final long STALL_NS = 20_000_000_000L;

    @TempDir
    Path folder;

    private final TestLoop loop = new TestLoop();
    private int completed;

    @Test
    void readsThatMissThePageCache_areCarriedOutWhenTheirThreadEnded() throws InterruptedException {
        assumeTrue(HostProbe.ioUring().ok(), () -> "io_uring: " + HostProbe.ioUring());
        assumeTrue(HostProbe.directIo(folder).ok(), "no O_DIRECT to write past the page cache");
        for (int round = 0; round < ROUNDS; round++) {
            Path file = folder.resolve("image" + round);
            try (Arena arena = Arena.ofShared()) {
                long buffer =
                        arena.allocate(OPERATIONS * BLOCK_BYTES, BLOCK_BYTES).address();
                writePastThePageCache(file, buffer);
                readFromAThreadThatEnds(file, buffer);
            }
        }
    }

    private static void writePastThePageCache(Path file, long buffer) {
        int fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.O_CREAT | LibC.oDirect(), 0600);
        for (int i = 0; i < OPERATIONS; i++) {
            assertThat(LibC.pwrite(fd, buffer, BLOCK_BYTES, (long) i * SPACING_BYTES))
                    .isEqualTo(BLOCK_BYTES);
        }
        LibC.close(fd);
    }

    private void readFromAThreadThatEnds(Path file, long buffer) throws InterruptedException {
        int fd = LibC.open(file.toString(), LibC.O_RDONLY, 0);
        try (IoUringEngine engine = new IoUringEngine(loop, new AioCounters(loop.counters(), true))) {
            AioOp[] ops = new AioOp[OPERATIONS];
            for (int i = 0; i < OPERATIONS; i++) {
                ops[i] = new AioOp(_ -> completed++);
                ops[i].opcode = AioOpcode.READ;
                ops[i].fd = fd;
                ops[i].address = buffer + (long) i * BLOCK_BYTES;
                ops[i].lengthBytes = BLOCK_BYTES;
                ops[i].offsetBytes = (long) i * SPACING_BYTES;
            }
            Thread.ofPlatform().start(() -> submit(engine, ops)).join();
            reap(engine);
            for (AioOp op : ops) {
                assertThat(op.result).as("read at %d", op.offsetBytes).isEqualTo(BLOCK_BYTES);
            }
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    void badAddress_isStillAnErrorWhoeverSubmitted() throws InterruptedException {
        assumeTrue(HostProbe.ioUring().ok(), () -> "io_uring: " + HostProbe.ioUring());
        Path file = folder.resolve("image");
        int fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.O_CREAT, 0600);
        LibC.ftruncate(fd, BLOCK_BYTES);
        try (IoUringEngine engine = new IoUringEngine(loop, new AioCounters(loop.counters(), true))) {
            AioOp op = new AioOp(_ -> completed++);
            op.opcode = AioOpcode.READ;
            op.fd = fd;
            op.address = 16; // never mapped
            op.lengthBytes = BLOCK_BYTES;
            Thread.ofPlatform().start(() -> submit(engine, new AioOp[] {op})).join();
            reap(engine);
            assertThat(op.result).isEqualTo(-Errno.EFAULT);
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    void operationsOfAThreadThatEnded_areCarriedOut() throws InterruptedException {
        assumeTrue(HostProbe.ioUring().ok(), () -> "io_uring: " + HostProbe.ioUring());
        int fd = LibC.open(folder.resolve("image").toString(), LibC.O_RDWR | LibC.O_CREAT, 0600);
        try (Arena arena = Arena.ofShared();
                IoUringEngine engine = new IoUringEngine(loop, new AioCounters(loop.counters(), true))) {
            long buffer = arena.allocate(BLOCK_BYTES, BLOCK_BYTES).address();
            for (int round = 0; round < ROUNDS; round++) {
                AioOp[] ops = operations(fd, buffer);
                Thread submitter = Thread.ofPlatform().start(() -> submit(engine, ops));
                submitter.join();
                reap(engine);
                for (AioOp op : ops) {
                    assertThat(op.result).as("%s of round %d", op.opcode, round).isNotNegative();
                }
            }
        } finally {
            LibC.close(fd);
        }
    }

    private static void submit(IoUringEngine engine, AioOp[] ops) {
        for (AioOp op : ops) {
            engine.submit(op);
        }
        engine.commit();
    }

    private void reap(IoUringEngine engine) {
        long start = System.nanoTime();
        while (engine.inFlight() > 0) {
            engine.doWork();
            assertThat(System.nanoTime() - start).as("time to complete").isLessThan(STALL_NS);
        }
    }

    /** Writes and syncs: the kernel hands these to worker threads that it keeps per submitting thread. */
    private AioOp[] operations(int fd, long buffer) {
        AioOp[] ops = new AioOp[OPERATIONS];
        for (int i = 0; i < OPERATIONS; i++) {
            AioOp op = new AioOp(_ -> completed++);
            op.fd = fd;
            op.opcode = i % 2 == 0 ? AioOpcode.WRITE : AioOpcode.FDATASYNC;
            if (op.opcode == AioOpcode.WRITE) {
                op.address = buffer;
                op.lengthBytes = BLOCK_BYTES;
                op.offsetBytes = (long) i * BLOCK_BYTES;
                op.flags = LibC.RWF_DSYNC;
            }
            ops[i] = op;
        }
        return ops;
    }
}
