package ringside.emulator.block.coroutine;

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
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;

/**
 * The bare price of a way to write a request path down: a request that needs a number of steps of a child, 64 in flight,
 * against a child that ends what it has when it is polled. No format, no I/O, no second thread but those of the pool.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class ContinuationBenchmark {
    private static final int DEPTH = 64;

    /** How the path is written down, and who carries it. */
    public enum Path {
        CALLBACK,
        VIRTUAL_THREAD_ON_LOOP,
        VIRTUAL_THREAD_ON_POOL
    }

    @Param({"CALLBACK", "VIRTUAL_THREAD_ON_LOOP", "VIRTUAL_THREAD_ON_POOL"})
    Path path;

    /** Requests of the child per request: 1 is an allocated read, 3 a copy on write (read, write, and a table). */
    @Param({"1", "3"})
    int steps;

    private final HoldingChild child = new HoldingChild(DEPTH);
    private final SteppedLoop loop = new SteppedLoop();
    private final BlockRequest[] requests = new BlockRequest[DEPTH];
    private BlockBackend backend;
    private int completed;

    @Setup(Level.Trial)
    public void setUp() {
        for (int i = 0; i < DEPTH; i++) {
            requests[i] = new BlockRequest((_, _) -> completed++);
        }
        backend = switch (path) {
            case CALLBACK -> new CallbackSteps(child, steps);
            case VIRTUAL_THREAD_ON_LOOP ->
                new CoroutineBackend("benchmark", this::straight, List.of(child), loop, true);
            case VIRTUAL_THREAD_ON_POOL ->
                new CoroutineBackend("benchmark", this::straight, List.of(child), loop, false);
        };
    }

    private int straight(BlockRequest request, Coroutine self) {
        BlockRequest mine = childOf(self);
        for (int i = 0; i < steps; i++) {
            mine.offsetBytes = request.offsetBytes + i;
            int error = self.submit(child, mine);
            if (error != 0) {
                return error;
            }
        }
        return 0;
    }

    private static BlockRequest childOf(Coroutine self) {
        if (self.state == null) {
            self.state = new BlockRequest(self::completed);
        }
        return (BlockRequest) self.state;
    }

    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public int requests() {
        completed = 0;
        for (BlockRequest request : requests) {
            backend.submit(request);
        }
        backend.commit();
        while (completed < DEPTH) {
            int work = child.poll();
            work += loop.pass();
            if (work == 0) {
                Thread.onSpinWait(); // carriers of the pool are at work
            }
        }
        return completed;
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        backend.close();
    }
}
