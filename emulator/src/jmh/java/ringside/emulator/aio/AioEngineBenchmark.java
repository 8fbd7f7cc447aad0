package ringside.emulator.aio;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.emulator.eventloop.BottomHalf;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.CounterBlock;

/**
 * Random reads of 4 KiB from a file in the page cache, at a constant depth, by a loop that busy-polls its engine: what an
 * engine costs, without virtio and without a disk. {@code pread} on the calling thread is the floor.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class AioEngineBenchmark {
    private static final int BATCH = 1024;
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 16_384;

    @Param({"pread", "threads", "native", "io_uring", "io_uring-registered", "mmap"})
    String engine;

    @Param({"1", "32"})
    int depth;

    private final Arena arena = Arena.ofShared();
    private Path file;
    private int fd;
    private AioEngines engines;
    private AioEngine aio;
    private AioOp[] ops;
    private long position;
    private int completed;
    private int submitted;

    @Setup(Level.Trial)
    public void setUp() throws IOException {
        file = Files.createTempFile("ringside-aio", ".raw");
        byte[] content = new byte[1 << 20];
        for (int i = 0; i < BLOCKS * BLOCK_BYTES / content.length; i++) {
            Files.write(file, content, StandardOpenOption.APPEND);
        }
        fd = LibC.open(file.toString(), LibC.O_RDONLY, 0);
        ops = new AioOp[depth];
        long buffers = arena.allocate((long) depth * BLOCK_BYTES, BLOCK_BYTES).address();
        for (int i = 0; i < depth; i++) {
            ops[i] = new AioOp(this::onCompletion);
            ops[i].opcode = AioOpcode.READ;
            ops[i].fd = fd;
            ops[i].address = buffers + (long) i * BLOCK_BYTES;
            ops[i].lengthBytes = BLOCK_BYTES;
        }
        if (!engine.equals("pread")) {
            engines = new AioEngines(new DetachedLoop(), false);
            aio = engine.equals("io_uring-registered")
                    ? engines.engine(AioKind.IO_URING, new UringOptions(false, false, true))
                    : engines.engine(AioKind.of(engine));
            aio.attachFile(fd);
            engines.offerBuffers(new long[] {buffers}, new long[] {(long) depth * BLOCK_BYTES});
        }
    }

    private void onCompletion(AioOp op) {
        if (op.result != BLOCK_BYTES) {
            throw new IllegalStateException("a read ended with " + op.result);
        }
        completed++;
        if (submitted < BATCH) {
            submit(op);
        }
    }

    private void submit(AioOp op) {
        submitted++;
        op.offsetBytes = nextOffset();
        aio.submit(op);
    }

    /** A stride that is coprime to the number of blocks visits them all. */
    private long nextOffset() {
        position = (position + 6_367) & (BLOCKS - 1);
        return position * BLOCK_BYTES;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int reads() {
        return aio == null ? direct() : queued();
    }

    private int queued() {
        completed = 0;
        submitted = 0;
        for (AioOp op : ops) {
            submit(op);
        }
        aio.commit();
        while (completed < BATCH) {
            if (aio.doWork() == 0) {
                Thread.onSpinWait();
            }
        }
        return completed;
    }

    private int direct() {
        for (int i = 0; i < BATCH; i++) {
            if (LibC.pread(fd, ops[i % depth].address, BLOCK_BYTES, nextOffset()) != BLOCK_BYTES) {
                throw new IllegalStateException("a read ended short");
            }
        }
        return BATCH;
    }

    @TearDown(Level.Trial)
    public void tearDown() throws IOException {
        if (engines != null) {
            engines.close();
        }
        LibC.close(fd);
        arena.close();
        Files.delete(file);
    }

    /** A loop that nobody runs: the benchmark polls the engine itself. */
    private static final class DetachedLoop implements LoopContext {
        private final List<LoopTask> tasks = new ArrayList<>();
        private final CounterBlock counters = new CounterBlock("benchmark");

        @Override
        public String name() {
            return "benchmark";
        }

        @Override
        public void wake() {
            // It never blocks.
        }

        @Override
        public void schedule(BottomHalf bottomHalf) {
            bottomHalf.run();
        }

        @Override
        public void attach(LoopTask task) {
            tasks.add(task);
        }

        @Override
        public void detach(LoopTask task) {
            tasks.remove(task);
        }

        @Override
        public CounterBlock counters() {
            return counters;
        }
    }
}
