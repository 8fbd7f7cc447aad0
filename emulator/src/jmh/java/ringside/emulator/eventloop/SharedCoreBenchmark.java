package ringside.emulator.eventloop;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a loop leaves to a thread that computes on the same core. The loop gets an item every 200 us from elsewhere and
 * may poll for a second, so it would never stop polling by itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class SharedCoreBenchmark {
    private static final long ITEM_EVERY_NS = 200_000;
    private static final int WORK = 10_000;

    @Param({"none", "blocks", "polls"})
    String loop;

    private IoThread thread;
    private Thread feeder;
    private volatile boolean stopped;

    @Setup(Level.Trial)
    public void setUp() {
        List<Integer> cpus = BenchmarkCpus.allowed();
        feeder = Thread.ofPlatform().daemon(true).unstarted(this::feed);
        if (!loop.equals("none")) {
            thread = new IoThread("iothread0", true, loop.equals("polls") ? 1_000_000_000L : 0, 0, 1);
            thread.bindTo(List.of(cpus.getFirst()));
            thread.attach(new Item());
            thread.start();
            feeder.start();
        }
        CpuAffinity.set("the benchmark", List.of(cpus.getFirst()));
    }

    private volatile boolean item;

    private void feed() {
        while (!stopped) {
            item = true;
            thread.wake();
            LockSupport.parkNanos(ITEM_EVERY_NS);
        }
    }

    private final class Item implements LoopTask {
        @Override
        public String roleName() {
            return "item";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            if (!item) {
                return 0;
            }
            item = false;
            return 1;
        }

        @Override
        public boolean prepareToBlock() {
            return item;
        }
    }

    /** Computes about as long as a short request takes a program. */
    @Benchmark
    public void neighbour() {
        Blackhole.consumeCPU(WORK);
    }

    @TearDown(Level.Trial)
    public void tearDown() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            feeder.join();
            thread.close();
        }
    }
}
