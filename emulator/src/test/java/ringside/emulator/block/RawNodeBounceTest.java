package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.trace.CounterId;

/** O_DIRECT reads into buffers that it does not take: through a copy, and never a byte beside the buffers. */
class RawNodeBounceTest {
    private static final int DISK_BYTES = 64 << 10;
    private static final byte GUARD = 0x55;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 4096})
    void bouncedRead_fillsItsSegmentsAndNothingElse(int alignment) throws IOException {
        Random random = new Random(7);
        byte[] content = new byte[DISK_BYTES];
        random.nextBytes(content);
        Path image = Files.write(folder.resolve("disk.raw"), content);
        NodeFixture.assumeHost(image, CacheMode.NONE, AioKind.THREADS);
        RawNode node = RawNode.open(NodeFixture.raw(image, CacheMode.NONE, AioKind.THREADS), alignment);
        try (NodeFixture f = new NodeFixture(node)) {
            MemorySegment memory = f.arena.allocate(DISK_BYTES, 4096);
            for (int round = 0; round < 200; round++) {
                readWithGuards(f, random, memory, content);
            }
            assertThat(f.loop.counters().value(CounterId.AIO_BOUNCED)).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096})
    void transferLargerThanABuffer_goesThroughItInSteps(int alignment) throws IOException {
        int bytes = 3 * BouncePool.BUFFER_BYTES + 512;
        Path image = Files.write(folder.resolve("large.raw"), new byte[2 * bytes / 4096 * 4096]);
        NodeFixture.assumeHost(image, CacheMode.NONE, AioKind.THREADS);
        RawNode node = RawNode.open(NodeFixture.raw(image, CacheMode.NONE, AioKind.THREADS), alignment);
        try (NodeFixture f = new NodeFixture(node)) {
            MemorySegment out = f.arena.allocate(bytes + 1L, 4096).asSlice(1, bytes);
            MemorySegment in = f.arena.allocate(bytes + 1L, 4096).asSlice(1, bytes);
            for (int i = 0; i < bytes; i++) {
                out.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 997));
            }

            assertThat(f.run(BlockOp.WRITE, 512, bytes, out)).isZero();
            assertThat(f.run(BlockOp.READ, 512, bytes, in)).isZero();

            assertThat(in.mismatch(out)).isEqualTo(-1);
        }
        assertThat(Arrays.copyOf(Files.readAllBytes(image), 512)).containsOnly(0);
    }

    /** More misaligned requests at once than there are buffers: the rest waits, and nothing is refused. */
    @Test
    void moreRequestsThanBuffers_allComplete() throws IOException {
        int count = 3 * BouncePool.BUFFERS;
        byte[] content = new byte[count * 512];
        new Random(9).nextBytes(content);
        Path image = Files.write(folder.resolve("disk.raw"), content);
        NodeFixture.assumeHost(image, CacheMode.NONE, AioKind.THREADS);
        RawNode node = RawNode.open(NodeFixture.raw(image, CacheMode.NONE, AioKind.THREADS), 1);
        try (NodeFixture f = new NodeFixture(node)) {
            MemorySegment memory = f.arena.allocate(count * 1024L, 4096);
            for (int i = 0; i < count; i++) {
                f.request().segments(memory.asSlice(i * 1024L + 1, 512)).submit(BlockOp.READ, i * 512L, 512);
            }
            f.finish();

            for (int i = 0; i < count; i++) {
                assertThat(memory.asSlice(i * 1024L + 1, 512).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(Arrays.copyOfRange(content, i * 512, i * 512 + 512));
            }
        }
    }

    /** Two segments at odd addresses with guard bytes before, between and behind. */
    private static void readWithGuards(NodeFixture f, Random random, MemorySegment memory, byte[] content) {
        int length = 512 * (1 + random.nextInt(20));
        int offset = 512 * random.nextInt((DISK_BYTES - length) / 512 + 1);
        int firstBytes = 1 + random.nextInt(length - 1);
        int first = 1 + 2 * random.nextInt(2000);
        int second = first + firstBytes + 1 + random.nextInt(100);
        byte[] expected = new byte[DISK_BYTES];
        Arrays.fill(expected, GUARD);
        System.arraycopy(content, offset, expected, first, firstBytes);
        System.arraycopy(content, offset + firstBytes, expected, second, length - firstBytes);
        memory.fill(GUARD);
        MemorySegment head = memory.asSlice(first, firstBytes);
        MemorySegment tail = memory.asSlice(second, length - firstBytes);
        assertThat(f.run(BlockOp.READ, offset, length, head, tail)).isZero();
        assertThat(Arrays.mismatch(memory.toArray(ValueLayout.JAVA_BYTE), expected))
                .as("first byte that is wrong; read of %d at %d", length, offset)
                .isEqualTo(-1);
    }
}
