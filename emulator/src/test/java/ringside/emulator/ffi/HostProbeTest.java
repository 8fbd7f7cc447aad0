package ringside.emulator.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {
    @TempDir
    Path folder;

    private static void assertComplete(HostFinding finding) {
        assertThat(finding.name()).isNotBlank();
        assertThat(finding.detail()).isNotBlank().doesNotContain("\n");
        assertThat(finding.remedy().isEmpty())
                .as("a remedy exactly for what is missing")
                .isEqualTo(finding.ok());
    }

    private static long openRings() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(fd -> points(fd, "io_uring")).count();
        }
    }

    private static boolean points(Path fd, String to) {
        try {
            return Files.readSymbolicLink(fd).toString().contains(to);
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    @Test
    void ioUring_isTriedAndLeavesNoRingBehind() throws IOException {
        long before = openRings();
        assertComplete(HostProbe.ioUring());
        assertThat(openRings()).isEqualTo(before);
    }

    @Test
    void memlock_isTheSoftLimitOfThisProcess() throws IOException {
        HostFinding finding = HostProbe.memlock();
        assertComplete(finding);
        String limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max locked memory"))
                .findFirst()
                .orElseThrow()
                .split("\\s{2,}")[1];
        assertThat(finding.detail())
                .isEqualTo(limit.equals("unlimited") ? limit : (Long.parseLong(limit) >>> 10) + " KiB");
    }

    @Test
    void directIoOfAFolder_isTriedWithoutLeavingAFile() throws IOException {
        assertComplete(HostProbe.directIo(folder));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void directIoOfAMissingFile_saysSo() {
        HostFinding finding = HostProbe.directIo(folder.resolve("none"));
        assertComplete(finding);
        assertThat(finding.ok()).isFalse();
        assertThat(finding.detail()).contains("no such file");
    }

    @Test
    void directIoOfAFileSystemWithout_namesTheCacheModeToUse() {
        Path file = Path.of("/proc/version");
        assumeTrue(Files.isReadable(file), "no procfs");
        HostFinding finding = HostProbe.directIo(file);
        assertComplete(finding);
        assertThat(finding.ok()).isFalse();
        assertThat(finding.remedy()).contains("cache=writeback");
    }

    @Test
    void everyErrno_isDescribedOnOneLineWithItsNumberOrName() {
        for (int errno = 1; errno < 134; errno++) {
            assertThat(Errno.describe(errno)).matches("E[A-Z]+ \\(.+\\)|errno " + errno);
        }
        assertThat(Errno.describe(Errno.ENOSPC)).isEqualTo("ENOSPC (no space left on device)");
    }
}
