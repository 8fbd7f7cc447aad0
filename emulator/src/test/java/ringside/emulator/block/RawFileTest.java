package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioKind;

/** The blocking side of files, byte for byte against an array, with every cache mode and O_DIRECT of 4096 bytes. */
class RawFileTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(CacheMode.class)
    void randomWritesOfAnyAlignment_readBackAsInAnArray(CacheMode cache) throws IOException {
        check(RawNode.open(spec(cache, true), 4096));
    }

    @ParameterizedTest
    @EnumSource(CacheMode.class)
    void growingFile_readsBackAsInAnArray(CacheMode cache) throws IOException {
        BlockNode node = RawNode.open(new FileSpec(spec(cache, false)));
        check(node);
    }

    private BlockNodeSpec.Raw spec(CacheMode cache, boolean sized) throws IOException {
        Path image = folder.resolve("image");
        Files.write(image, new byte[sized ? BYTES : 0]);
        return new BlockNodeSpec.Raw(image, cache, AioKind.THREADS, false, false, true);
    }

    private static void check(BlockNode node) {
        Random random = new Random(5);
        byte[] model = new byte[BYTES];
        try (node) {
            BlockFile file = node.file();
            for (int i = 0; i < 300; i++) {
                int length = 1 + random.nextInt(random.nextBoolean() ? 700 : 40_000);
                int at = random.nextInt(BYTES - length);
                step(file, model, random, at, length);
                byte[] read = new byte[length];
                file.read(at, MemorySegment.ofArray(read));
                assertThat(read).isEqualTo(Arrays.copyOfRange(model, at, at + length));
            }
            byte[] all = new byte[BYTES];
            file.read(0, MemorySegment.ofArray(all));
            assertThat(all).isEqualTo(model);
            file.flush();
        }
    }

    private static void step(BlockFile file, byte[] model, Random random, int at, int length) {
        if (random.nextInt(4) == 0) {
            file.writeZeroes(at, length, random.nextBoolean());
            Arrays.fill(model, at, at + length, (byte) 0);
        } else {
            byte[] data = new byte[length];
            random.nextBytes(data);
            file.write(at, MemorySegment.ofArray(data));
            System.arraycopy(data, 0, model, at, length);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writeBehindTheEnd_growsOnlyAFileThatStoresAFormat(boolean grows) throws IOException {
        BlockNodeSpec.Raw raw = spec(CacheMode.WRITEBACK, true);
        try (BlockNode node = grows ? RawNode.open(new FileSpec(raw)) : RawNode.open(raw)) {
            MemorySegment byteOne = MemorySegment.ofArray(new byte[] {1});
            if (grows) {
                node.file().write(BYTES + 4, byteOne);
                assertThat(node.file().lengthBytes()).isEqualTo(BYTES + 5);
                assertThat(node.lengthBytes()).isEqualTo(BYTES + 512);
            } else {
                assertThatThrownBy(() -> node.file().write(BYTES, byteOne))
                        .isInstanceOf(BlockIoException.class)
                        .hasMessageContaining("write behind the end at byte " + BYTES);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 65536})
    void holes_areFoundWithoutReading(long at) throws IOException {
        Path image = folder.resolve("sparse");
        Files.write(image, new byte[0]);
        try (BlockNode node = RawNode.open(
                new FileSpec(new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true)))) {
            node.file().truncate(1 << 20);
            node.file().write(at, MemorySegment.ofArray(new byte[65536]));
            assertThat(node.status(at, 1 << 20).data()).isTrue();
            assertThat(node.status(at, 1 << 20).lengthBytes()).isEqualTo(65536);
            assertThat(node.status(at + 65536, 1000).zero()).isTrue();
            assertThat(node.status(at + 65536, 1000).lengthBytes()).isEqualTo(1000);
        }
    }
}
