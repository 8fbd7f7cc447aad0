package ringside.emulator.block.filter;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import ringside.emulator.aio.AioEngines;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;

/** A node on a test loop, and requests that note their outcome. Further loops can be attached to the same node. */
public final class FilterFixture implements AutoCloseable {
    public static final int PENDING = -1;

    public final TestLoop loop = new TestLoop();
    public final Arena arena = Arena.ofShared();
    public final BlockNode node;
    public final BlockBackend backend;
    private final AioEngines engines = new AioEngines(loop, true);
    private final boolean ownsNode;
    private int pending;

    public FilterFixture(BlockNodeSpec spec) {
        this(BlockNodes.open(spec), true);
    }

    private FilterFixture(BlockNode node, boolean ownsNode) {
        this.node = node;
        this.ownsNode = ownsNode;
        this.backend = node.attach(engines);
    }

    /** The same node on one more loop; closed before this one. */
    public FilterFixture otherLoop() {
        return new FilterFixture(node, false);
    }

    public static BlockNodeSpec.Raw image(Path folder, String name, long bytes) throws IOException {
        Path path = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return new BlockNodeSpec.Raw(path, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true);
    }

    public static FileSpec file(Path folder, String name) throws IOException {
        return new FileSpec(image(folder, name, 0));
    }

    public static BlockNodeSpec.Null zeroes() {
        return new BlockNodeSpec.Null(1 << 20, 0, true);
    }

    /** A request with its outcome. */
    public final class Request {
        public int error = PENDING;
        public long endedNs;
        public final BlockRequest block = new BlockRequest((_, outcome) -> {
            error = outcome;
            endedNs = System.nanoTime();
            pending--;
        });

        public Request submit(BlockOp op, long offsetBytes, long lengthBytes, MemorySegment... parts) {
            block.op = op;
            block.offsetBytes = offsetBytes;
            block.lengthBytes = lengthBytes;
            block.segmentAddress = new long[parts.length];
            block.segmentBytes = new int[parts.length];
            block.segmentCount = parts.length;
            for (int i = 0; i < parts.length; i++) {
                block.segmentAddress[i] = parts[i].address();
                block.segmentBytes[i] = (int) parts[i].byteSize();
            }
            error = PENDING;
            pending++;
            backend.submit(block);
            return this;
        }
    }

    public Request submit(BlockOp op, long offsetBytes, long lengthBytes, MemorySegment... parts) {
        return new Request().submit(op, offsetBytes, lengthBytes, parts);
    }

    public void finish() {
        backend.commit();
        loop.pollUntil(() -> pending == 0);
    }

    public int run(BlockOp op, long offsetBytes, long lengthBytes, MemorySegment... parts) {
        Request request = submit(op, offsetBytes, lengthBytes, parts);
        finish();
        return request.error;
    }

    public int write(long offsetBytes, MemorySegment data) {
        return run(BlockOp.WRITE, offsetBytes, data.byteSize(), data);
    }

    /** The bytes of a range, read by a request. */
    public byte[] read(long offsetBytes, int lengthBytes) {
        MemorySegment into = arena.allocate(lengthBytes, 4096);
        int error = run(BlockOp.READ, offsetBytes, lengthBytes, into);
        if (error != 0) {
            throw new AssertionError("read at " + offsetBytes + " ended with errno " + error);
        }
        return into.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    /** A buffer full of one byte. */
    public MemorySegment filled(long bytes, int value) {
        return arena.allocate(bytes, 4096).fill((byte) value);
    }

    @Override
    public void close() {
        backend.close();
        engines.close();
        if (ownsNode) {
            node.close();
        }
        arena.close();
    }
}
