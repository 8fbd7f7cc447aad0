package ringside.emulator.virtqueue;

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

/** The device side of a split ring, one cost at a time, without a driver that could be the slower half. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class SplitVirtqueueBenchmark {
    private static final int PUBLISH_EVERY = 16;

    @Param({"direct", "indirect"})
    String chains;

    private final DescriptorChain chain = new DescriptorChain();
    private FixedRing ring;
    private Virtqueue virtqueue;

    @Setup(Level.Trial)
    public void setUp() {
        ring = new FixedRing(chains.equals("indirect"));
        virtqueue = ring.activate();
    }

    /** Head off the available ring, element into the used ring, used.idx after 16 of them. */
    @Benchmark
    @OperationsPerInvocation(FixedRing.DEPTH)
    public int popUsePublish() {
        ring.offerAll();
        int sum = 0;
        for (int i = 1; i <= FixedRing.DEPTH; i++) {
            int head = virtqueue.nextHead();
            virtqueue.addUsed(head, 1);
            if (i % PUBLISH_EVERY == 0) {
                virtqueue.publishUsed();
            }
            sum += head;
        }
        return sum;
    }

    /** Three descriptors, checked and translated. */
    @Benchmark
    @OperationsPerInvocation(FixedRing.DEPTH)
    public long walk() {
        long sum = 0;
        for (int i = 0; i < FixedRing.DEPTH; i++) {
            if (!virtqueue.readChain(ring.head(i), chain)) {
                throw new IllegalStateException(virtqueue.fault().text());
            }
            sum += chain.writableBytes();
        }
        return sum;
    }

    /** One completion published and decided on alone: the full fence between used.idx and used_event. */
    @Benchmark
    public boolean decideNotification() {
        virtqueue.addUsed(0, 1);
        virtqueue.publishUsed();
        return virtqueue.needsNotification();
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        ring.close();
    }
}
