package ringside.emulator.machine;

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
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.trace.TraceMode;

/**
 * Requests per second through driver, ring, device and back again on a null disk, at a constant depth of 64.
 *
 * <p>{@code big-lock} handles the kick on the calling thread: the cost of the whole path on one thread, without any
 * hand-over. {@code iothread} has the driver poll on one thread while one IOThread busy-polls the ring: the ceiling of
 * one device thread. The parameter {@code trace} shows what instrumentation costs, {@code transport} what
 * the way of a kick does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class RingBenchmark {
    static final int DEPTH = 64;
    private static final int PUBLISH_EVERY = 16;
    private static final int BATCH = 64 * 64;
    private static final long DISK_BYTES = 1L << 30;
    private static final long ALWAYS_POLL_NS = 1_000_000_000L;
    private static final int BLOCK_BYTES = 4096;
    private static final long BLOCKS = DISK_BYTES / BLOCK_BYTES;

    @Param({"iothread", "big-lock"})
    String threading;

    @Param({"off", "counters", "timeline"})
    String trace;

    @Param({"on", "off"})
    String indirect;

    @Param({"mmio", "pci"})
    String transport;

    @Param({"split", "packed"})
    String ring;

    private Machine machine;
    private VirtioBlkDriver driver;
    private BlkDriverQueue queue;
    private long buffers;
    private long position;

    @Setup(Level.Trial)
    public void setUp() {
        DiskSpec disk = new DiskSpec(
                "disk0",
                new BlockNodeSpec.Null(DISK_BYTES, 0, false),
                1,
                256,
                indirect.equals("on"),
                true,
                true,
                "ring",
                false,
                BlkOptions.DEFAULT.change().packed(ring.equals("packed")).build());
        machine = Machine.build(new MachineSpec(
                ThreadingPreset.of(threading),
                1,
                List.of(),
                new PollSpec(ALWAYS_POLL_NS, 0, 1),
                List.of(disk),
                64L << 20,
                false,
                TraceMode.of(trace),
                100,
                transport.equals("pci") ? TransportSpec.PCI : TransportSpec.MMIO));
        machine.start();
        MachineDisk built = machine.disks().getFirst();
        driver = new VirtioBlkDriver(built.driver(), machine.memory(), machine.allocator());
        driver.initialise(built.timelines());
        queue = driver.queues().getFirst();
        queue.disableInterrupts();
        buffers = machine.allocator().allocate((long) queue.heads() * BLOCK_BYTES, BLOCK_BYTES);
        for (int i = 0; i < DEPTH; i++) {
            submit();
        }
        queue.publish();
    }

    private void submit() {
        // A stride that is coprime to the number of blocks visits them all; the disk stores nothing, so order is free.
        position = (position + 40_503) % BLOCKS;
        long buffer = buffers + (long) queue.nextHead() * BLOCK_BYTES;
        queue.submit(BlkConstants.VIRTIO_BLK_T_IN, position * (BLOCK_BYTES / 512), buffer, BLOCK_BYTES);
    }

    /** Reaps and resubmits a fixed number of requests; 64 stay in flight throughout. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long requests() {
        int done = 0;
        while (done < BATCH) {
            int reaped = 0;
            while (done < BATCH && queue.poll() != BlkDriverQueue.NONE) {
                submit();
                done++;
                if (++reaped % PUBLISH_EVERY == 0) {
                    queue.publish();
                }
            }
            if (reaped > 0) {
                queue.publish();
            } else {
                Thread.onSpinWait();
            }
        }
        return position;
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        driver.shutdown();
        machine.close();
    }
}
