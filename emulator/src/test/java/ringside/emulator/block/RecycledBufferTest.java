package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;
import ringside.emulator.trace.CounterId;

/**
 * Buffers of a pool carry what the request before left in them. Class 13 of docs/fuzzing.md: CVE-2024-8612 (QEMU) gave a
 * guest memory that nobody had written for it; in Java it would be the recycled buffer of another guest's request.
 */
class RecycledBufferTest {
    private static final int DISK_BYTES = 64 << 10;
    private static final int BYTES = 4096;
    private static final byte SECRET = 0x77;
    private static final byte BEFORE = 0x22;

    @TempDir
    Path folder;

    @Test
    void class13_readBehindAFileThatWasCut_getsZeroesAndNotWhatTheBufferHeld() throws IOException {
        byte[] content = new byte[DISK_BYTES];
        Arrays.fill(content, SECRET);
        Path image = Files.write(folder.resolve("disk.raw"), content);
        NodeFixture.assumeHost(image, CacheMode.NONE, AioKind.THREADS);
        RawNode node = RawNode.open(NodeFixture.raw(image, CacheMode.NONE, AioKind.THREADS), BYTES);
        try (NodeFixture f = new NodeFixture(node)) {
            MemorySegment crooked = f.arena.allocate(BYTES + 1L, BYTES).asSlice(1, BYTES);
            // Every buffer of the pool has held the secret then.
            for (int i = 0; i < 64; i++) {
                assertThat(f.run(BlockOp.READ, 0, BYTES, crooked)).isZero();
            }
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(BYTES + 512);
            }
            for (long offset : new long[] {BYTES, 2 * BYTES, DISK_BYTES - BYTES}) {
                crooked.fill(BEFORE);
                assertThat(f.run(BlockOp.READ, offset, BYTES, crooked)).isZero();
                byte[] expected = new byte[BYTES];
                Arrays.fill(expected, 0, offset == BYTES ? 512 : 0, SECRET);
                assertThat(crooked.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
            }
            assertThat(f.loop.counters().value(CounterId.AIO_BOUNCED)).isPositive();
        }
    }
}
