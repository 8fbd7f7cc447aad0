package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.trace.CounterId;

/** Rings with a submission thread, with polled completions, with both: they work, or the host's refusal names the remedy. */
class UringOptionsTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 64;

    @TempDir
    Path folder;

    private final TestLoop loop = new TestLoop();
    private final AioEngines engines = new AioEngines(loop, true);
    private int completed;

    @ParameterizedTest
    @CsvSource({"true,false,false", "false,true,false", "true,true,false", "false,false,true", "true,false,true"})
    void randomOperations_leaveTheFileAsTheModelSays(boolean sqpoll, boolean iopoll, boolean registered)
            throws IOException {
        Path file = Files.write(folder.resolve("image"), new byte[BLOCKS * BLOCK]);
        assumeTrue(HostProbe.directIo(file).ok(), "no O_DIRECT here");
        byte[] model = new byte[BLOCKS * BLOCK];
        int fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.oDirect(), 0);
        try (Arena arena = Arena.ofConfined()) {
            AioEngine engine = attached(new UringOptions(sqpoll, iopoll, registered), fd);
            if (engine == null) {
                return; // the host has no such thing, and said what to use instead
            }
            MemorySegment buffer = arena.allocate(BLOCK, BLOCK);
            engines.offerBuffers(new long[] {buffer.address()}, new long[] {BLOCK});
            Random random = new Random(1);
            for (int i = 0; i < 300; i++) {
                long offset = (long) random.nextInt(BLOCKS) * BLOCK;
                boolean write = random.nextBoolean();
                if (write) {
                    buffer.fill((byte) i);
                    java.util.Arrays.fill(model, (int) offset, (int) offset + BLOCK, (byte) i);
                }
                assertThat(run(engine, op(write ? AioOpcode.WRITE : AioOpcode.READ, fd, buffer, offset)))
                        .isEqualTo(BLOCK);
                assertThat(buffer.get(ValueLayout.JAVA_BYTE, BLOCK - 1)).isEqualTo(model[(int) offset]);
            }
            assertThat(run(engine, op(AioOpcode.FDATASYNC, fd, MemorySegment.NULL, 0)))
                    .isZero();
            engine.detachFile(fd);
            assertThat(loop.counters().value(CounterId.AIO_REGISTERED)).isEqualTo(registered ? 300 : 0);
        } finally {
            engines.close();
            LibC.close(fd);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(model);
    }

    @Test
    void fileWithoutPolling_isRefusedWithTheRemedy() {
        int fd = LibC.memfdCreate("image", 0);
        LibC.ftruncate(fd, BLOCK);
        assumeTrue(HostProbe.ioUring().ok(), "no io_uring here");
        try {
            assertThatThrownBy(() -> engines.engine(AioKind.IO_URING, new UringOptions(false, true, false))
                            .attachFile(fd))
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("use iopoll=off");
        } finally {
            engines.close();
            LibC.close(fd);
        }
    }

    private AioEngine attached(UringOptions options, int fd) {
        try {
            AioEngine engine = engines.engine(AioKind.IO_URING, options);
            engine.attachFile(fd);
            return engine;
        } catch (NativeException e) {
            assertThat(e).hasMessageContaining("use ");
            return null;
        }
    }

    private AioOp op(AioOpcode opcode, int fd, MemorySegment buffer, long offset) {
        AioOp op = new AioOp(_ -> completed++);
        op.opcode = opcode;
        op.fd = fd;
        op.address = buffer.address();
        op.lengthBytes = buffer.byteSize();
        op.offsetBytes = offset;
        return op;
    }

    private int run(AioEngine engine, AioOp op) {
        int before = completed;
        engine.submit(op);
        engine.commit();
        loop.blockUntil(() -> completed > before);
        return op.result;
    }
}
