package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.aio.AioEngines;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.TestLoop;

/** Sectors smaller than O_DIRECT's blocks: a read-modify-write must not undo a change to its neighbours. */
class RawNodeSerialisingTest {
    private static final int DISK_BYTES = 64 << 10;
    private static final int BLOCK_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final int ROUNDS = 40;

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(folder.resolve("disk.raw"), new byte[DISK_BYTES]);
    }

    private RawNode open(AioKind aio) {
        NodeFixture.assumeHost(image, CacheMode.NONE, aio);
        return RawNode.open(NodeFixture.raw(image, CacheMode.NONE, aio), BLOCK_BYTES);
    }

    @ParameterizedTest
    @EnumSource(names = "MMAP", mode = EnumSource.Mode.EXCLUDE)
    void sectorsOfOneBlockInOneBatch_areAllKept(AioKind aio) throws IOException {
        try (NodeFixture f = new NodeFixture(open(aio))) {
            int sectors = DISK_BYTES / SECTOR_BYTES;
            for (int round = 0; round < 4; round++) {
                for (int sector = 0; sector < sectors; sector++) {
                    MemorySegment data = f.buffer(SECTOR_BYTES, 0).fill((byte) (round + sector));
                    f.request().segments(data).submit(BlockOp.WRITE, (long) sector * SECTOR_BYTES, SECTOR_BYTES);
                }
                f.finish();
                byte[] content = Files.readAllBytes(image);
                for (int i = 0; i < DISK_BYTES; i++) {
                    assertThat(content[i]).isEqualTo((byte) (round + i / SECTOR_BYTES));
                }
            }
            assertThat(f.loop.wakes()).as("requests that waited were resumed").isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "MMAP", mode = EnumSource.Mode.EXCLUDE)
    void sectorsOfOneBlockFromTwoLoops_areAllKept(AioKind aio) {
        try (RawNode node = open(aio)) {
            CompletableFuture<Void> even =
                    CompletableFuture.runAsync(() -> writeAndCheck(node, 0), Thread::startVirtualThread);
            writeAndCheck(node, 1);
            even.join();
        }
    }

    /** Formats write by blocking calls beside the loops. */
    @ParameterizedTest
    @EnumSource(names = "MMAP", mode = EnumSource.Mode.EXCLUDE)
    void sectorsOfOneBlockFromALoopAndFromCalls_areAllKept(AioKind aio) {
        try (RawNode node = open(aio)) {
            CompletableFuture<Void> calls =
                    CompletableFuture.runAsync(() -> callAndCheck(node), Thread::startVirtualThread);
            for (int i = 0; i < 5; i++) {
                writeAndCheck(node, 1);
            }
            calls.join();
        }
    }

    private static void callAndCheck(RawNode node) {
        byte[] seen = new byte[SECTOR_BYTES];
        for (int round = 0; round < 5 * ROUNDS; round++) {
            byte[] data = new byte[SECTOR_BYTES];
            Arrays.fill(data, (byte) round);
            for (int sector = 0; sector < BLOCK_BYTES / SECTOR_BYTES; sector += 2) {
                node.file().write((long) sector * SECTOR_BYTES, MemorySegment.ofArray(data));
            }
            for (int sector = 0; sector < BLOCK_BYTES / SECTOR_BYTES; sector += 2) {
                node.file().read((long) sector * SECTOR_BYTES, MemorySegment.ofArray(seen));
                assertThat(seen).as("round %d, sector %d", round, sector).isEqualTo(data);
            }
        }
    }

    /** Every other sector of the first block belongs to this loop: nobody else may change it. */
    private static void writeAndCheck(RawNode node, int parity) {
        AioEngines engines = new AioEngines(new TestLoop(), false);
        BlockBackend backend = node.attach(engines);
        TestLoop loop = (TestLoop) engines.loop();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate(SECTOR_BYTES, BLOCK_BYTES);
            MemorySegment seen = arena.allocate(SECTOR_BYTES, BLOCK_BYTES);
            for (int round = 0; round < ROUNDS; round++) {
                for (int sector = parity; sector < BLOCK_BYTES / SECTOR_BYTES; sector += 2) {
                    data.fill((byte) (round * 16 + sector));
                    transfer(backend, loop, BlockOp.WRITE, sector, data);
                }
                for (int sector = parity; sector < BLOCK_BYTES / SECTOR_BYTES; sector += 2) {
                    transfer(backend, loop, BlockOp.READ, sector, seen);
                    data.fill((byte) (round * 16 + sector));
                    assertThat(seen.mismatch(data))
                            .as("round %d, sector %d", round, sector)
                            .isEqualTo(-1);
                }
            }
        } finally {
            backend.close();
            engines.close();
        }
    }

    private static void transfer(BlockBackend backend, TestLoop loop, BlockOp op, long sector, MemorySegment data) {
        boolean[] done = {false};
        BlockRequest request = new BlockRequest((_, error) -> {
            assertThat(error).isZero();
            done[0] = true;
        });
        request.op = op;
        request.offsetBytes = sector * SECTOR_BYTES;
        request.lengthBytes = SECTOR_BYTES;
        request.segmentAddress = new long[] {data.address()};
        request.segmentBytes = new int[] {SECTOR_BYTES};
        request.segmentCount = 1;
        backend.submit(request);
        backend.commit();
        loop.pollUntil(() -> done[0]);
    }

    @Test
    void imageThatEndsInsideABlock_isRefusedForWritersAndReadableForReaders() throws IOException {
        byte[] content = new byte[BLOCK_BYTES + SECTOR_BYTES];
        Arrays.fill(content, (byte) 3);
        Files.write(image, content);
        NodeFixture.assumeHost(image, CacheMode.NONE, AioKind.THREADS);
        assertThatThrownBy(() -> open(AioKind.THREADS))
                .hasMessageContainingAll("4608 bytes", "truncate -s 8192", "cache=writeback");
        BlockNodeSpec.Raw readOnly = new BlockNodeSpec.Raw(image, CacheMode.NONE, AioKind.THREADS, false, true, false);
        try (NodeFixture f = new NodeFixture(RawNode.open(readOnly, BLOCK_BYTES))) {
            MemorySegment seen = f.buffer(SECTOR_BYTES, 0);
            assertThat(f.run(BlockOp.READ, BLOCK_BYTES, SECTOR_BYTES, seen)).isZero();
            assertThat(seen.toArray(ValueLayout.JAVA_BYTE)).containsOnly(3);
        }
    }
}
