package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import ringside.emulator.ffi.HostFinding;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.ffi.LibC;

/** An engine on a test loop, a file, and operations that count their completions. */
final class EngineFixture implements AutoCloseable {
    final TestLoop loop = new TestLoop();
    final Arena arena = Arena.ofConfined();
    final AioEngines engines = new AioEngines(loop, true);
    final AioEngine engine;
    final int fd;
    int completed;

    EngineFixture(AioKind kind, Path file) {
        if (kind == AioKind.IO_URING) {
            HostFinding found = HostProbe.ioUring();
            assumeTrue(found.ok(), () -> "io_uring: " + found.detail() + "; " + found.remedy());
        }
        engine = engines.engine(kind);
        fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.O_CREAT, 0600);
        assertThat(fd).isNotNegative();
        if (kind == AioKind.MMAP && LibC.size(fd) == 0) { // nothing of an empty file can be mapped
            LibC.ftruncate(fd, 4096);
        }
        engine.attachFile(fd);
    }

    AioOp op() {
        return new AioOp(_ -> completed++);
    }

    AioOp op(AioOpcode opcode, MemorySegment buffer, long offsetBytes) {
        return prepare(op(), opcode, buffer.address(), buffer.byteSize(), offsetBytes);
    }

    AioOp prepare(AioOp op, AioOpcode opcode, long address, long lengthBytes, long offsetBytes) {
        op.opcode = opcode;
        op.fd = fd;
        op.address = address;
        op.lengthBytes = lengthBytes;
        op.offsetBytes = offsetBytes;
        return op;
    }

    /** Submits one operation and waits for it. */
    int run(AioOp op) {
        int before = completed;
        engine.submit(op);
        engine.commit();
        loop.blockUntil(() -> completed > before);
        return op.result;
    }

    MemorySegment buffer(long bytes) {
        return arena.allocate(bytes, 4096);
    }

    @Override
    public void close() {
        engines.close();
        LibC.close(fd);
        arena.close();
    }
}
