package ringside.emulator.block.qcow2;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
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
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.coroutine.SteppedLoop;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;

/**
 * Random 4 KiB reads of allocated clusters, 64 at a time, through the format alone: the guest's data are in a null node, so
 * that no time goes into moving them. {@code path=NULL} is that node without a format: what the benchmark itself costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class Qcow2PathBenchmark {
    private static final int DEPTH = 64;
    private static final int BYTES = 4096;
    private static final long DISK_BYTES = 1L << 30;
    private static final int OFFSETS = 1 << 16;

    /** What is read. */
    public enum Reads {
        NULL,
        CALLBACK,
        VIRTUAL_THREAD
    }

    @Param({"NULL", "CALLBACK", "VIRTUAL_THREAD"})
    Reads path;

    @Param({"IMAGE", "SHARDED", "LOCK_FREE_READS"})
    Qcow2Options.Locking locking;

    private final SteppedLoop loop = new SteppedLoop();
    private final AioEngines engines = new AioEngines(loop, false);
    private final BlockRequest[] requests = new BlockRequest[DEPTH];
    private final long[] offsets = new long[OFFSETS];
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BYTES, BYTES);
    private Path image;
    private BlockNode node;
    private BlockBackend backend;
    private int next;
    private int completed;

    @Setup(Level.Trial)
    public void setUp() throws IOException {
        image = Files.createTempFile("ringside-", ".qcow2");
        node = path == Reads.NULL ? BlockNodes.open(nul()) : open();
        backend = node.attach(engines);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < OFFSETS; i++) {
            offsets[i] = random.nextLong(DISK_BYTES / BYTES) * BYTES;
        }
        for (int i = 0; i < DEPTH; i++) {
            requests[i] = new BlockRequest((_, error) -> completed += error == 0 ? 1 : DEPTH);
            requests[i].op = BlockOp.READ;
            requests[i].lengthBytes = BYTES;
            requests[i].segmentAddress = new long[] {buffer.address()}; // only a worker fills it
            requests[i].segmentBytes = new int[] {BYTES};
            requests[i].segmentCount = 1;
        }
    }

    private static BlockNodeSpec nul() {
        return new BlockNodeSpec.Null(DISK_BYTES, 0, false);
    }

    private static FileSpec file(Path path) {
        return new FileSpec(new BlockNodeSpec.Raw(path, CacheMode.UNSAFE, AioKind.THREADS, false, false, true));
    }

    private BlockNode open() throws IOException {
        FileSpec file = file(image);
        Path sparse = Files.createTempFile("ringside-", ".data"); // the null node cannot change its size
        CreateOptions plain = CreateOptions.of(DISK_BYTES);
        CreateOptions create = new CreateOptions(
                DISK_BYTES,
                plain.version(),
                plain.clusterBytes(),
                plain.refcountBits(),
                false,
                false,
                CreateOptions.Preallocation.METADATA,
                CompressionType.ZLIB,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        try (BlockNode made = BlockNodes.open(file);
                BlockNode data = BlockNodes.open(file(sparse))) {
            Qcow2Create.create(made.file(), Optional.of(data.file()), create.withDataFile("data"));
        } finally {
            Files.delete(sparse);
        }
        Qcow2Options defaults = Qcow2Options.DEFAULT;
        Qcow2Options options = new Qcow2Options(
                false,
                true,
                Optional.empty(),
                defaults.caches(),
                defaults.overlapCheck(),
                locking,
                Qcow2Options.Continuation.valueOf(path.name()),
                Optional.empty(),
                defaults.followPaths());
        return BlockNodes.open(new Qcow2Spec(file, new Qcow2Backing.None(), Optional.of(nul()), options));
    }

    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public int reads() {
        completed = 0;
        for (int i = 0; i < DEPTH; i++) {
            requests[i].offsetBytes = offsets[next++ & OFFSETS - 1];
            backend.submit(requests[i]);
        }
        backend.commit();
        while (completed < DEPTH) {
            loop.pass();
        }
        return completed;
    }

    @TearDown(Level.Trial)
    public void tearDown() throws IOException {
        backend.close();
        node.close();
        engines.close();
        arena.close();
        Files.delete(image);
    }
}
