package ringside.workloads.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteStampTest {
    private static final int BLOCK = 4096;

    private final byte[] disk = new byte[4 * BLOCK];
    private final WriteStamp stamp = new WriteStamp(77);
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[BLOCK]);
    private final StampVerifier verifier = new StampVerifier();

    @TempDir
    Path folder;

    WriteStampTest() {
        stamp.fill(buffer, 3);
        for (int block = 0; block < 4; block++) {
            write(block, 0, BLOCK);
        }
    }

    @Test
    void writtenBlocks_areClean() {
        StampReport report = verifier.verify(disk, 0);

        assertThat(report).isEqualTo(new StampReport(32, 0, 0, 0, 0, ""));
        assertThat(report.isClean()).isTrue();
    }

    @Test
    void everyFlippedByte_isFound() {
        for (int at = 0; at < 2 * 512; at++) {
            disk[at] ^= 0x40;
            assertThat(verifier.verify(disk, 0).isClean()).as("byte %d", at).isFalse();
            disk[at] ^= 0x40;
        }
        assertThat(verifier.verify(disk, 0).isClean()).isTrue();
    }

    @Test
    void lostWrite_isUnstamped() {
        java.util.Arrays.fill(disk, BLOCK, 2 * BLOCK, (byte) 0);

        StampReport report = verifier.verify(disk, 0);

        assertThat(report.unstamped()).isEqualTo(8);
        assertThat(report.firstProblem()).isEqualTo("no stamp at offset 4096");
    }

    @Test
    void misdirectedWrite_namesBothOffsets() {
        System.arraycopy(disk, BLOCK, disk, 2 * BLOCK, BLOCK);

        StampReport report = verifier.verify(disk, 0);

        assertThat(report.misdirected()).isEqualTo(8);
        assertThat(report.firstProblem()).isEqualTo("the sector at offset 8192 was written for offset 4096");
    }

    @Test
    void tornWrite_isFoundWhereOldMeetsNew() {
        write(1, 0, 1536);

        StampReport report = verifier.verify(disk, 0);

        assertThat(report.torn()).isEqualTo(1);
        assertThat(report.firstProblem()).startsWith("torn block at offset 5632: sector 3 of write 1 follows");
    }

    @Test
    void imageFile_isCheckedFromOutside() throws IOException {
        Path image = folder.resolve("disk.raw");
        byte[] large = new byte[3 << 20];
        System.arraycopy(disk, 0, large, 0, disk.length);
        Files.write(image, large);

        assertThat(verifier.verify(image, 0, disk.length).isClean()).isTrue();
        assertThat(verifier.verify(image, 0, large.length).unstamped()).isEqualTo((3 << 20) / 512 - 32);
        assertThat(verifier.verify(image, BLOCK, BLOCK).good()).isEqualTo(8);
        assertThatThrownBy(() -> verifier.verify(image, 0, 4 << 20)).isInstanceOf(UncheckedIOException.class);
    }

    private void write(int block, int from, int to) {
        stamp.stamp(buffer, 3, (long) block * BLOCK, BLOCK);
        MemorySegment.copy(buffer, from, MemorySegment.ofArray(disk), (long) block * BLOCK + from, to - from);
    }
}
