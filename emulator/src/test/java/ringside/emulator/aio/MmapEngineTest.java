package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

class MmapEngineTest {
    private static final int BYTES = 64 << 10;

    @TempDir
    Path folder;

    /** What the host does to the file under a mapping arrives as a signal; it must end as an error of the request. */
    @Test
    void imageCutShort_failsTheRequestOnly() throws IOException {
        Path file = Files.write(folder.resolve("image"), new byte[BYTES]);
        try (EngineFixture f = new EngineFixture(AioKind.MMAP, file)) {
            LibC.ftruncate(f.fd, 4096);

            assertThat(f.run(f.op(AioOpcode.READ, f.buffer(4096), BYTES - 4096)))
                    .isEqualTo(-Errno.EIO);
            assertThat(f.run(f.op(AioOpcode.WRITE, f.buffer(4096), BYTES - 4096)))
                    .isEqualTo(-Errno.EIO);
            assertThat(f.run(f.op(AioOpcode.READ, f.buffer(4096), 0))).isEqualTo(4096);
        }
    }

    @Test
    void detachedFile_isNoLongerMapped() throws IOException {
        Path file = Files.write(folder.resolve("image"), new byte[BYTES]);
        try (EngineFixture f = new EngineFixture(AioKind.MMAP, file)) {
            f.engine.detachFile(f.fd);

            assertThat(f.run(f.op(AioOpcode.READ, f.buffer(4096), 0))).isEqualTo(-Errno.EBADF);
        }
    }
}
