package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;

/** A file that several threads make longer at once. */
@Timeout(60)
class GrowingFileTest {
    private static final int BLOCK = 4096;
    private static final int ROUNDS = 4_000;

    @TempDir
    private Path folder;

    private volatile Throwable problem;

    /**
     * One thread writes zeroes to a block behind the end, another one data to the block behind that. Whoever makes the
     * file longer for the zeroes must not cut off the data: a killed server of a qcow2 image had lost a block so.
     */
    @Test
    void zeroesBehindTheEnd_neverCutOffWhatAnotherThreadHasWritten() throws Exception {
        Path image = folder.resolve("image");
        Files.createFile(image);
        var spec = new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true);
        try (BlockNode node = RawNode.open(new FileSpec(spec));
                Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate(BLOCK, BLOCK).fill((byte) 7);
            CyclicBarrier round = new CyclicBarrier(2);
            Thread zeroes = start(round, i -> node.file().writeZeroes(2L * i * BLOCK, BLOCK, true));
            Thread writer = start(round, i -> node.file().write((2L * i + 1) * BLOCK, data));
            zeroes.join();
            writer.join();
            assertThat(problem).isNull();
            MemorySegment read = arena.allocate(BLOCK, BLOCK);
            for (int i = 0; i < ROUNDS; i++) {
                node.file().read((2L * i + 1) * BLOCK, read);
                assertThat(read.mismatch(data)).as("block of round %d", i).isEqualTo(-1);
            }
        }
    }

    @Test
    void zeroesBehindTheEnd_makeTheFileLonger() throws IOException {
        Path image = folder.resolve("image");
        Files.createFile(image);
        for (CacheMode cache : CacheMode.values()) {
            Files.write(image, new byte[0]);
            var spec = new BlockNodeSpec.Raw(image, cache, AioKind.THREADS, false, false, true);
            try (BlockNode node = RawNode.open(new FileSpec(spec))) {
                node.file().writeZeroes(512, 3 * 512, true);
                assertThat(node.file().lengthBytes()).as(cache.label()).isEqualTo(2048);
                node.file().writeZeroes(1 << 20, 1 << 20, true);
                assertThat(node.file().lengthBytes()).as(cache.label()).isEqualTo(2 << 20);
            }
        }
    }

    private interface Step {
        void go(int round);
    }

    private Thread start(CyclicBarrier round, Step step) {
        return Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    round.await();
                    step.go(i);
                }
            } catch (Exception e) {
                problem = e;
                round.reset();
            }
        });
    }
}
