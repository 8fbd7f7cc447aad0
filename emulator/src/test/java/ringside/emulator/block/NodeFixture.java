package ringside.emulator.block;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import ringside.emulator.aio.AioEngines;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.TestLoop;
import ringside.emulator.ffi.HostFinding;
import ringside.emulator.ffi.HostProbe;

/** A node attached to a test loop, and requests that note their outcome. */
public final class NodeFixture implements AutoCloseable {
    public static final int PENDING = -1;

    final TestLoop loop = new TestLoop();
    public final Arena arena = Arena.ofShared();
    final AioEngines engines = new AioEngines(loop, true);
    public final BlockNode node;
    public final BlockBackend backend;
    private int pending;

    public NodeFixture(BlockNode node) {
        this.node = node;
        this.backend = node.attach(engines);
    }

    public static BlockNodeSpec.Raw raw(Path file, CacheMode cache, AioKind aio) {
        return new BlockNodeSpec.Raw(file, cache, aio, false, false, true);
    }

    /** Skips the test where the host cannot do what it needs. */
    static void assumeHost(Path file, CacheMode cache, AioKind aio) {
        if (aio == AioKind.IO_URING) {
            assumeOk(HostProbe.ioUring());
        }
        if (cache.direct()) {
            assumeOk(HostProbe.directIo(file));
        }
    }

    private static void assumeOk(HostFinding finding) {
        assumeTrue(finding.ok(), () -> finding.name() + ": " + finding.detail() + "; " + finding.remedy());
    }

    /** A request with its outcome. */
    public final class Request {
        public int error = PENDING;
        public final BlockRequest block = new BlockRequest((_, error) -> {
            this.error = error;
            pending--;
        });

        /** Hands the request to the back end; the caller commits. */
        public Request submit(BlockOp op, long offsetBytes, long lengthBytes) {
            block.op = op;
            block.offsetBytes = offsetBytes;
            block.lengthBytes = lengthBytes;
            error = PENDING;
            pending++;
            backend.submit(block);
            return this;
        }

        public Request segments(MemorySegment... parts) {
            block.segmentAddress = new long[parts.length];
            block.segmentBytes = new int[parts.length];
            block.segmentFirst = 0;
            block.segmentCount = parts.length;
            for (int i = 0; i < parts.length; i++) {
                block.segmentAddress[i] = parts[i].address();
                block.segmentBytes[i] = (int) parts[i].byteSize();
            }
            return this;
        }
    }

    public Request request() {
        return new Request();
    }

    public void finish() {
        backend.commit();
        loop.pollUntil(() -> pending == 0);
    }

    public int run(BlockOp op, long offsetBytes, long lengthBytes, MemorySegment... parts) {
        Request request = request().segments(parts).submit(op, offsetBytes, lengthBytes);
        finish();
        return request.error;
    }

    /** A buffer whose address is off every alignment by some bytes. */
    public MemorySegment buffer(long bytes, int misalignedBy) {
        return arena.allocate(bytes + misalignedBy, 4096).asSlice(misalignedBy, bytes);
    }

    @Override
    public void close() {
        backend.close();
        engines.close();
        node.close();
        arena.close();
    }
}
