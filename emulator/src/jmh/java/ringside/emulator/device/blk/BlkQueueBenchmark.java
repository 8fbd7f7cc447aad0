package ringside.emulator.device.blk;

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
import ringside.emulator.aio.AioEngines;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.device.InterruptLine;
import ringside.emulator.eventloop.IoThread;
import ringside.emulator.virtqueue.FixedRing;
import ringside.emulator.virtqueue.Virtqueue;

/** What one read of 4 KiB costs the device on one thread, on a null disk and without a driver to wait for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class BlkQueueBenchmark {
    private static final long DISK_BYTES = 1L << 30;

    @Param({"direct", "indirect"})
    String chains;

    @Param({"on", "off"})
    String counters;

    private final IoThread loop = new IoThread("benchmark", false, 0, 0, 0);
    private final AioEngines engines = new AioEngines(loop, false);
    private final BlockNode node = BlockNodes.open(new BlockNodeSpec.Null(DISK_BYTES, 0, false));
    private final BlockBackend backend = node.attach(engines);
    private FixedRing ring;
    private Virtqueue parsed;
    private BlkRequestParser parser;
    private BlkRequest request;
    private BlkQueue queue;

    @Setup(Level.Trial)
    public void setUp() {
        ring = new FixedRing(chains.equals("indirect"));
        BlkSettings settings = new BlkSettings("disk0", 1, 256, 254, true, true, false, false, "bench");
        BlkDiskState disk = new BlkDiskState(node, settings);
        parser = new BlkRequestParser(ring.memory());
        queue = new BlkQueue(new BlkQueueParts(settings, disk, loop, backend, parser, counters.equals("on")), 0, null);
        queue.activate(ring.activate(), new SilentLine());
        parsed = ring.activate();
        request = new BlkRequest(0, queue);
    }

    /** Never called: the driver of the ring wants no notification. */
    private static final class SilentLine implements InterruptLine {
        @Override
        public void used(int index) {
            throw new IllegalStateException("nobody asked for a notification");
        }

        @Override
        public void needsReset(String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /** All of the device: pop, walk, parse, judge, null disk, status, used element, publish, decide; 64 a pass. */
    @Benchmark
    @OperationsPerInvocation(FixedRing.DEPTH)
    public int requests() {
        ring.offerAll();
        int done = queue.doWork();
        if (done != FixedRing.DEPTH) {
            throw new IllegalStateException("only " + done);
        }
        return done;
    }

    /** Walk and parse: from a head to type, sector, status byte and data segments. */
    @Benchmark
    @OperationsPerInvocation(FixedRing.DEPTH)
    public long walkAndParse() {
        long sum = 0;
        for (int i = 0; i < FixedRing.DEPTH; i++) {
            if (!parsed.readChain(ring.head(i), request.chain) || !parser.parse(request)) {
                throw new IllegalStateException("not a request");
            }
            sum += request.sector;
        }
        return sum;
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        backend.close();
        engines.close();
        queue.close();
        loop.close();
        ring.close();
    }
}
