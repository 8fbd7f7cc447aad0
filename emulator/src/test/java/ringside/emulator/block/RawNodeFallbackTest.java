package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioContext;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioKind;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.NativeException;

/** A host that forbids io_uring: threads take its place only where the user allowed that. */
class RawNodeFallbackTest {
    @TempDir
    Path folder;

    private final RecordingEngine threads = new RecordingEngine();
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(folder.resolve("disk.raw"), new byte[4096]);
    }

    private final class HostWithoutIoUring implements AioContext {
        @Override
        public LoopContext loop() {
            return threads.loop();
        }

        @Override
        public AioEngine engine(AioKind kind) {
            if (kind == AioKind.IO_URING) {
                throw new NativeException("io_uring_setup failed: forbidden; use aio=threads", Errno.EPERM);
            }
            return threads;
        }
    }

    private BlockNode open(boolean fallback) {
        return BlockNodes.open(
                new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.IO_URING, fallback, false, false));
    }

    @Test
    void refusedIoUringWithoutFallback_failsWithTheRemedy() {
        try (BlockNode node = open(false)) {
            assertThatThrownBy(() -> node.attach(new HostWithoutIoUring()))
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("use aio=threads");
            assertThat(node.description()).contains("aio=io_uring");
        }
    }

    @Test
    void refusedIoUringWithFallback_usesThreadsAndSaysSo() {
        try (BlockNode node = open(true)) {
            assertThat(node.description()).contains("aio=io_uring");
            BlockBackend backend = node.attach(new HostWithoutIoUring());
            assertThat(node.description()).contains("aio=threads").doesNotContain("io_uring");
            BlockRequest flush =
                    new BlockRequest((_, error) -> assertThat(error).isZero());
            flush.op = BlockOp.FLUSH;
            backend.submit(flush);
            assertThat(threads.seen).hasSize(1);
        }
    }

    @Test
    void allowedIoUringWithFallback_staysIoUring() {
        try (BlockNode node = open(true)) {
            node.attach(threads); // this context refuses nothing
            assertThat(node.description()).contains("aio=io_uring");
        }
    }
}
