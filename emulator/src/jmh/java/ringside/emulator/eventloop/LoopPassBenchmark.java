package ringside.emulator.eventloop;

import java.util.concurrent.TimeUnit;
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

/** A pass of a loop around its tasks, on the calling thread: what polling repeats, and what each batch pays once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class LoopPassBenchmark {
    @Param({"1", "2", "8"})
    int tasks;

    private IoThread loop;
    private final BottomHalf nothing = new BottomHalf() {
        @Override
        public void run() {
            // its cost is that of being scheduled and called
        }
    };
    private boolean work;

    @Setup(Level.Trial)
    public void setUp() {
        loop = new IoThread("benchmark", true, 32_768, 0, 0);
        for (int i = 0; i < tasks; i++) {
            loop.attach(i % 2 == 0 ? new Even() : new Odd());
        }
    }

    /** Two classes, as a loop has queues and engines: the call is not a single target. */
    private final class Even implements LoopTask {
        @Override
        public String roleName() {
            return "even";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            if (work) {
                loop.schedule(nothing);
                return 1;
            }
            return 0;
        }

        @Override
        public boolean prepareToBlock() {
            return true;
        }
    }

    private static final class Odd implements LoopTask {
        @Override
        public String roleName() {
            return "odd";
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
            return true;
        }
    }

    /** No task has work. */
    @Benchmark
    public int emptyPass() {
        work = false;
        return loop.pass();
    }

    /** Every other task has an item and schedules a bottom half. */
    @Benchmark
    public int passWithWork() {
        work = true;
        return loop.pass();
    }

    /** What a look at the clock adds to a pass that polls. */
    @Benchmark
    public long clock() {
        return System.nanoTime();
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        loop.close();
    }
}
