package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/** Which operations a request becomes in each cache mode: what the engine is asked for, and how the file is open. */
class RawNodeCacheModeTest {
    private static final int BYTES = 4096;
    private static final int DISK_BYTES = 4 << 20;

    @TempDir
    Path folder;

    private final RecordingEngine engine = new RecordingEngine();
    private final int[] outcome = {-1, 0};
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(folder.resolve("disk.raw"), new byte[DISK_BYTES]);
    }

    private RawNode open(CacheMode cache) {
        NodeFixture.assumeHost(image, cache, AioKind.THREADS);
        return RawNode.open(NodeFixture.raw(image, cache, AioKind.THREADS));
    }

    private int run(BlockBackend backend, BlockOp op, long length, boolean fua, boolean mayUnmap) {
        try (Arena arena = Arena.ofConfined()) {
            BlockRequest request = new BlockRequest((_, error) -> {
                outcome[0] = error;
                outcome[1]++;
            });
            MemorySegment buffer = arena.allocate(BYTES, 4096);
            request.op = op;
            request.lengthBytes = length;
            request.fua = fua;
            request.mayUnmap = mayUnmap;
            request.segmentAddress = new long[] {buffer.address()};
            request.segmentBytes = new int[] {BYTES};
            request.segmentCount = 1;
            int before = outcome[1];
            backend.submit(request);
            backend.commit();
            assertThat(outcome[1]).as("completions").isEqualTo(before + 1);
            return outcome[0];
        }
    }

    @ParameterizedTest
    @EnumSource
    void fileIsOpenWithDirectIo_exactlyWhereTheModeSaysSo(CacheMode cache) throws IOException {
        try (RawNode node = open(cache)) {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + node.fd())).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElseThrow();
            int open = Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
            assertThat((open & LibC.oDirect()) != 0).isEqualTo(cache.direct());
            assertThat(open & LibC.O_RDWR).isEqualTo(LibC.O_RDWR);
            assertThat(open & LibC.O_CLOEXEC).isEqualTo(LibC.O_CLOEXEC);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stableWrite_isOneOperationWithDsync(CacheMode cache) {
        try (RawNode node = open(cache)) {
            BlockBackend backend = node.attach(engine);
            assertThat(run(backend, BlockOp.WRITE, BYTES, true, false)).isZero();
            assertThat(run(backend, BlockOp.WRITE, BYTES, false, false)).isZero();
            assertThat(run(backend, BlockOp.READ, BYTES, true, false)).isZero();
            int stable = cache == CacheMode.UNSAFE ? 0 : LibC.RWF_DSYNC;
            assertThat(engine.seen)
                    .containsExactly(
                            new RecordingEngine.Seen(AioOpcode.WRITE, stable, 0, BYTES),
                            new RecordingEngine.Seen(AioOpcode.WRITE, 0, 0, BYTES),
                            new RecordingEngine.Seen(AioOpcode.READ, 0, 0, BYTES));
        }
    }

    @ParameterizedTest
    @EnumSource
    void flush_reachesTheFileInEveryModeButUnsafe(CacheMode cache) {
        try (RawNode node = open(cache)) {
            assertThat(run(node.attach(engine), BlockOp.FLUSH, 0, false, false)).isZero();
            assertThat(engine.opcodes())
                    .isEqualTo(cache == CacheMode.UNSAFE ? List.of() : List.of(AioOpcode.FDATASYNC));
        }
    }

    @ParameterizedTest
    @EnumSource
    void stableZeroes_areSyncedInEveryModeButUnsafe(CacheMode cache) {
        try (RawNode node = open(cache)) {
            assertThat(run(node.attach(engine), BlockOp.WRITE_ZEROES, BYTES, true, false))
                    .isZero();
            assertThat(engine.opcodes())
                    .isEqualTo(
                            cache == CacheMode.UNSAFE
                                    ? List.of(AioOpcode.FALLOCATE)
                                    : List.of(AioOpcode.FALLOCATE, AioOpcode.FDATASYNC));
        }
    }

    @Test
    void zeroesThatTheFileSystemCannotMake_areWrittenInChunksAndSyncedOnce() {
        engine.fail(AioOpcode.FALLOCATE, Errno.EOPNOTSUPP);
        try (RawNode node = open(CacheMode.WRITETHROUGH)) {
            assertThat(run(node.attach(engine), BlockOp.WRITE_ZEROES, (2 << 20) + 512, true, false))
                    .isZero();
            assertThat(engine.seen.subList(1, 4))
                    .containsExactly(
                            new RecordingEngine.Seen(AioOpcode.WRITE, 0, 0, 1 << 20),
                            new RecordingEngine.Seen(AioOpcode.WRITE, 0, 1 << 20, 1 << 20),
                            new RecordingEngine.Seen(AioOpcode.WRITE, 0, 2 << 20, 512));
            assertThat(engine.opcodes().subList(4, engine.seen.size())).containsExactly(AioOpcode.FDATASYNC);
        }
    }

    @Test
    void mayUnmap_choosesBetweenDeallocatingAndKeepingBlocks() {
        try (RawNode node = open(CacheMode.WRITEBACK)) {
            BlockBackend backend = node.attach(engine);
            run(backend, BlockOp.WRITE_ZEROES, BYTES, false, true);
            run(backend, BlockOp.WRITE_ZEROES, BYTES, false, false);
            int keep = LibC.FALLOC_FL_KEEP_SIZE;
            assertThat(engine.seen)
                    .extracting(RecordingEngine.Seen::flags)
                    .containsExactly(LibC.FALLOC_FL_PUNCH_HOLE | keep, LibC.FALLOC_FL_ZERO_RANGE | keep);
        }
    }

    @Test
    void discard_isAHint() {
        try (RawNode node = open(CacheMode.WRITEBACK)) {
            BlockBackend backend = node.attach(engine);
            engine.fail(AioOpcode.FALLOCATE, Errno.EOPNOTSUPP);
            assertThat(run(backend, BlockOp.DISCARD, BYTES, false, false))
                    .as("not supported")
                    .isZero();
            engine.fail(AioOpcode.FALLOCATE, Errno.EIO);
            assertThat(run(backend, BlockOp.DISCARD, BYTES, false, false))
                    .as("a broken disk")
                    .isEqualTo(Errno.EIO);
        }
        engine.seen.clear();
        BlockNodeSpec.Raw ignoring =
                new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, false);
        try (RawNode node = RawNode.open(ignoring)) {
            assertThat(run(node.attach(engine), BlockOp.DISCARD, BYTES, false, false))
                    .isZero();
            assertThat(engine.seen).as("discard=ignore").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"READ", "WRITE", "FLUSH"})
    void errorOfTheFile_reachesTheRequest(BlockOp op) {
        for (AioOpcode opcode : AioOpcode.values()) {
            engine.fail(opcode, Errno.ENOSPC);
        }
        try (RawNode node = open(CacheMode.WRITEBACK)) {
            assertThat(run(node.attach(engine), op, op == BlockOp.FLUSH ? 0 : BYTES, false, false))
                    .isEqualTo(Errno.ENOSPC);
        }
    }
}
