package ringside.emulator.eventloop;

import java.util.List;
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
import ringside.emulator.ffi.LibC;

/** A kick by eventfd: the system calls alone, and the way to a loop that blocks and back to a client that sleeps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class KickBenchmark {
    @Param({"same-cpu", "other-cpu"})
    String placement;

    private final EventNotifier kick = new EventNotifier();
    private final EventNotifier call = new EventNotifier();
    private IoThread loop;

    @Setup(Level.Trial)
    public void setUp() {
        List<Integer> cpus = BenchmarkCpus.allowed();
        CpuAffinity.set("the benchmark", List.of(cpus.getFirst()));
        loop = new IoThread("iothread0", false, 0, 0, 0);
        loop.bindTo(List.of(placement.equals("same-cpu") ? cpus.getFirst() : cpus.getLast()));
        loop.attach(new Answer());
        loop.start();
    }

    /** Answers every kick with a call. */
    private final class Answer implements LoopTask {
        private boolean kicked;

        @Override
        public String roleName() {
            return "answer";
        }

        @Override
        public int pollFd() {
            return kick.fd();
        }

        @Override
        public void acknowledge() {
            kick.clear();
            kicked = true;
        }

        @Override
        public int doWork() {
            if (!kicked) {
                return 0;
            }
            kicked = false;
            call.signal();
            return 1;
        }

        @Override
        public boolean prepareToBlock() {
            return false;
        }
    }

    /** Two system calls that wake nobody. */
    @Benchmark
    public void signalAndClear() {
        call.signal();
        call.clear();
    }

    /** Kick, wake-up of the loop, call, wake-up of the client. */
    @Benchmark
    public int roundTrip() {
        kick.signal();
        int ready = LibC.waitReadable(call.fd(), -1);
        call.clear();
        return ready;
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        loop.close();
        kick.close();
        call.close();
    }
}
