package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.ffi.LibC;

class EngineAllocationTest {
    private static final int DEPTH = 32;
    private static final int BLOCK_BYTES = 4096;
    private static final int WINDOW_ROUNDS = 2000;
    private static final int MAX_WINDOWS = 60;

    private int completed;

    /** Reachable for as long as the kernel may read the arrays. */
    private final IovecArray[] iovecs = new IovecArray[DEPTH];

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void steadyState_allocatesNothing(AioKind kind) throws IOException {
        assumeTrue(
                kind != AioKind.IO_URING || HostProbe.ioUring().ok(),
                () -> "io_uring: " + HostProbe.ioUring().detail());
        Path file = folder.resolve("image");
        Files.write(file, new byte[DEPTH * BLOCK_BYTES]);
        int fd = LibC.open(file.toString(), LibC.O_RDWR, 0);
        try (Arena arena = Arena.ofConfined();
                AioEngines engines = new AioEngines(new TestLoop(), true)) {
            AioEngine engine = engines.engine(kind);
            AioOp[] ops =
                    operations(fd, arena.allocate(DEPTH * BLOCK_BYTES, 4096).address());
            // Until the compiler is done the method handles allocate, and on a busy host that takes its time: one
            // window without a byte shows that no operation allocates.
            long allocated = Long.MAX_VALUE;
            for (int window = 0; window < MAX_WINDOWS && allocated != 0; window++) {
                completed = 0;
                allocated = allocatedBytes(engine, ops);
                assertThat(completed).isEqualTo(WINDOW_ROUNDS * DEPTH);
            }
            assertThat(allocated)
                    .as("bytes for %d operations", WINDOW_ROUNDS * DEPTH)
                    .isZero();
        } finally {
            LibC.close(fd);
        }
    }

    /** Of the calling thread and of the workers that exist; other threads of the test's JVM allocate as they like. */
    private long allocatedBytes(AioEngine engine, AioOp[] ops) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] workers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("test-loop/aio-worker-"))
                .mapToLong(Thread::threadId)
                .toArray();
        long workersBefore = sum(threads.getThreadAllocatedBytes(workers));
        long before = threads.getCurrentThreadAllocatedBytes();
        run(engine, ops);
        long own = threads.getCurrentThreadAllocatedBytes() - before;
        return own + sum(threads.getThreadAllocatedBytes(workers)) - workersBefore;
    }

    private static long sum(long[] bytes) {
        return LongStream.of(bytes).sum();
    }

    private AioOp[] operations(int fd, long address) {
        CompletionHandler count = _ -> completed++;
        AioOp[] ops = new AioOp[DEPTH];
        for (int i = 0; i < DEPTH; i++) {
            ops[i] = new AioOp(count);
            ops[i].opcode = AioOpcode.values()[i % 4];
            ops[i].fd = fd;
            ops[i].offsetBytes = (long) i * BLOCK_BYTES;
            ops[i].lengthBytes = BLOCK_BYTES;
            ops[i].address = address + ops[i].offsetBytes;
            if (ops[i].opcode == AioOpcode.READV || ops[i].opcode == AioOpcode.WRITEV) {
                iovecs[i] = new IovecArray();
                iovecs[i].set(0, ops[i].address, BLOCK_BYTES);
                ops[i].address = iovecs[i].address();
                ops[i].iovCount = 1;
            }
        }
        return ops;
    }

    private void run(AioEngine engine, AioOp[] ops) {
        for (int round = 0; round < WINDOW_ROUNDS; round++) {
            for (AioOp op : ops) {
                engine.submit(op);
            }
            engine.commit();
            while (engine.inFlight() > 0) {
                engine.doWork();
            }
        }
    }
}
