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
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/**
 * Both sides of a ring on one thread, without a device: the instructions of the two formats, and nothing of the cache lines
 * that would change owners.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class RoundTripBenchmark {
    private static final int DEPTH = 64;
    private static final int PUBLISH_EVERY = 16;
    private static final int SEGMENTS = 3;

    @Param({"split", "packed"})
    String ring;

    @Param({"direct", "indirect"})
    String chains;

    @Param({"off", "on"})
    String inOrder;

    private final GuestMemory memory = GuestMemories.one();
    private final DescriptorChain chain = new DescriptorChain();
    private final long[] gpa = {
        GuestMemories.BASE_GPA + 0x40000, GuestMemories.BASE_GPA + 0x50000, GuestMemories.BASE_GPA + 0x60000
    };
    private final int[] bytes = {16, 4096, 1};
    private DriverVirtqueue driver;
    private Virtqueue device;

    @Setup(Level.Trial)
    public void setUp() {
        boolean indirect = chains.equals("indirect");
        RingFeatures features = new RingFeatures(ring.equals("packed"), indirect, true, inOrder.equals("on"));
        driver = DriverVirtqueue.create(memory, new GuestAllocator(memory), 256, features, indirect ? SEGMENTS : 0);
        device = driver.addresses().config(256, features).activate(memory);
        driver.disableInterrupts();
    }

    /** 64 buffers of three segments are made available, taken, used, announced in fours of sixteen, and taken back. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public long buffer() {
        for (int i = 0; i < DEPTH; i++) {
            driver.add(gpa, bytes, 1, SEGMENTS);
        }
        driver.publish();
        long sum = driver.needsKick() ? 1 : 0;
        device.disableNotification();
        int used = 0;
        for (int head = device.nextHead(); head >= 0; head = device.nextHead()) {
            if (!device.readChain(head, chain)) {
                throw new IllegalStateException(device.fault().text());
            }
            device.addUsed(head, (int) chain.writableBytes());
            if (++used % PUBLISH_EVERY == 0) {
                device.publishUsed();
            }
        }
        device.publishUsed();
        sum += device.needsNotification() ? 1 : 0;
        for (int head = driver.pollUsed(); head >= 0; head = driver.pollUsed()) {
            sum += driver.usedLength();
        }
        return sum;
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        memory.close();
    }
}
