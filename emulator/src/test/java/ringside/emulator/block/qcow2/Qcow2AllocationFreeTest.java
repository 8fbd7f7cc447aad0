package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.AllocatedBytes;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;

/** Requests on clusters that have their place allocate nothing on the loop. The data are in a null node, which answers at once. */
class Qcow2AllocationFreeTest {
    private static final long DISK = 64 << 20;
    private static final int DEPTH = 64;
    private static final int BATCHES = 8000;

    @TempDir
    private Path folder;

    private FileSpec file;

    @BeforeEach
    void make() throws IOException {
        file = new FileSpec(NodeFixture.raw(folder.resolve("a.qcow2"), CacheMode.UNSAFE, AioKind.THREADS));
        FileSpec data = new FileSpec(NodeFixture.raw(folder.resolve("data"), CacheMode.UNSAFE, AioKind.THREADS));
        Files.createFile(folder.resolve("a.qcow2"));
        Files.createFile(folder.resolve("data"));
        CreateOptions plain = CreateOptions.of(DISK);
        CreateOptions options = new CreateOptions(
                DISK,
                plain.version(),
                plain.clusterBytes(),
                plain.refcountBits(),
                false,
                false,
                CreateOptions.Preallocation.METADATA,
                CompressionType.ZLIB,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        try (BlockNode image = BlockNodes.open(file);
                BlockNode behind = BlockNodes.open(data)) {
            Qcow2Create.create(image.file(), Optional.of(behind.file()), options.withDataFile("data"));
        }
    }

    @ParameterizedTest
    @CsvSource({"READ,4096", "READ,262144", "WRITE,4096", "WRITE,262144"})
    void requestOnAllocatedClusters_allocatesNothing(BlockOp op, int bytes) {
        Qcow2Spec spec = new Qcow2Spec(
                file,
                new Qcow2Backing.None(),
                Optional.of(new BlockNodeSpec.Null(DISK, 0, false)),
                Qcow2Options.DEFAULT);
        try (NodeFixture fixture = new NodeFixture(BlockNodes.open(spec))) {
            List<NodeFixture.Request> requests = new ArrayList<>();
            for (int i = 0; i < DEPTH; i++) {
                requests.add(fixture.request().segments(fixture.buffer(bytes, 0)));
            }
            for (long at = 0; at < DISK; at += bytes) { // all tables are in memory now
                requests.getFirst().submit(BlockOp.READ, at, bytes);
                fixture.finish();
            }
            SplittableRandom random = new SplittableRandom(1);
            long allocated = AllocatedBytes.inSteadyState(() -> run(fixture, requests, random, op, bytes), 500_000);
            assertThat(requests).allMatch(request -> request.error == 0);
            assertThat(allocated).as("bytes for %d requests", BATCHES * DEPTH).isZero();
        }
    }

    private static long run(
            NodeFixture fixture, List<NodeFixture.Request> requests, SplittableRandom random, BlockOp op, int bytes) {
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int i = 0; i < DEPTH; i++) {
                requests.get(i).submit(op, random.nextLong(DISK / bytes) * bytes, bytes);
            }
            fixture.backend.commit();
        }
        return (long) BATCHES * DEPTH;
    }
}
