package ringside.emulator.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibCTest {
    @TempDir
    Path folder;

    @Test
    void failedCall_returnsTheNegativeErrno() {
        assertThat(LibC.open(folder.resolve("none").toString(), LibC.O_RDONLY, 0))
                .isEqualTo(-Errno.ENOENT);
        assertThat(LibC.open(folder.toString(), LibC.O_RDWR, 0)).isEqualTo(-Errno.EISDIR);
        assertThat(LibC.close(1 << 20)).isEqualTo(-Errno.EBADF);
        assertThat(LibC.fdatasync(1 << 20)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void eventfd_isReadableFromTheSignalToTheDrain() {
        int fd = LibC.eventfd();
        try {
            assertThat(LibC.eventfdDrain(fd)).isEqualTo(-Errno.EAGAIN);
            assertThat(LibC.waitReadable(fd, 0)).isZero();
            LibC.eventfdSignal(fd);
            LibC.eventfdSignal(fd);
            assertThat(LibC.waitReadable(fd, -1)).isEqualTo(1);
            assertThat(LibC.eventfdDrain(fd)).isEqualTo(8);
            assertThat(LibC.waitReadable(fd, 0)).isZero();
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    void futexWait_returnsAtOnceWhenTheValueDiffersAndOtherwiseAtItsTime() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
            assertThat(LibC.futexWait(word.address(), 1, -1)).isEqualTo(-Errno.EAGAIN);
            long start = System.nanoTime();
            assertThat(LibC.futexWait(word.address(), 0, 2_000_000)).isEqualTo(-Errno.ETIMEDOUT);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
            assertThat(LibC.futexWake(word.address(), 1)).isZero();
        }
    }

    @Test
    void bytesWritten_areReadAndCounted() {
        int fd = LibC.open(folder.resolve("file").toString(), LibC.O_RDWR | LibC.O_CREAT, 0600);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(1000).fill((byte) 5);
            MemorySegment in = arena.allocate(1000);
            assertThat(LibC.pwrite(fd, out.address(), 1000, 24)).isEqualTo(1000);
            assertThat(LibC.size(fd)).isEqualTo(1024);
            assertThat(LibC.pread(fd, in.address(), 1000, 24)).isEqualTo(1000);
            assertThat(in.mismatch(out)).isEqualTo(-1);
            assertThat(LibC.logicalBlockBytes(fd)).isEqualTo(-Errno.ENOTTY);
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    void everyRefusalOfTheHost_hasARemedyInOneLine() {
        assertThat(HostProbe.directIo(folder.resolve("none"))).satisfies(finding -> {
            assertThat(finding.ok()).isFalse();
            assertThat(finding.detail()).contains("no such file").doesNotContain("\n");
            assertThat(finding.remedy()).isNotBlank();
        });
        for (HostFinding finding :
                new HostFinding[] {HostProbe.ioUring(), HostProbe.memlock(), HostProbe.directIo(folder)}) {
            assertThat(finding.ok())
                    .as(finding.toString())
                    .isEqualTo(finding.remedy().isEmpty());
        }
        assertThat(folder).isEmptyDirectory();
    }
}
