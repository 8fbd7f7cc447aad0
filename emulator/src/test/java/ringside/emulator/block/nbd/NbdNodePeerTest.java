package ringside.emulator.block.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.NbdSpec;
import ringside.emulator.block.filter.FilterFixture;
import ringside.emulator.ffi.Errno;

/** The client against qemu-nbd. */
class NbdNodePeerTest {
    private static final int BYTES = 4 << 20;

    @TempDir
    private Path folder;

    private Path image;
    private Path socket;

    @BeforeEach
    void makeImage() throws IOException {
        image = folder.resolve("image");
        socket = folder.resolve("s");
        Files.write(image, new byte[BYTES]);
    }

    private NbdSpec spec(int reconnectDelay) {
        return new NbdSpec("unix:" + socket, "disk", false, reconnectDelay);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cache=writeback", "--cache=none"})
    void randomRequests_giveWhatAModelGives(String cache) throws IOException, InterruptedException {
        byte[] model = new byte[BYTES];
        Random random = new Random(1);
        try (QemuNbd server = new QemuNbd(image, "raw", socket, cache, "--discard=unmap");
                FilterFixture f = new FilterFixture(spec(0))) {
            assertThat(f.node.lengthBytes()).isEqualTo(BYTES);
            for (int i = 0; i < 300; i++) {
                int bytes = 512 * (1 + random.nextInt(64));
                int at = 512 * random.nextInt((BYTES - bytes) / 512);
                change(f, model, random, at, bytes, i);
            }
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
            assertThat(f.read(0, BYTES)).isEqualTo(model);
            MemorySegment all = MemorySegment.ofArray(new byte[BYTES]);
            f.node.file().read(0, all);
            assertThat(all.mismatch(MemorySegment.ofArray(model))).isEqualTo(-1);
            assertThat(server).isNotNull();
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(model);
    }

    private static void change(FilterFixture f, byte[] model, Random random, int at, int bytes, int value) {
        int half = bytes / 1024 * 512;
        byte zero = 0;
        switch (random.nextInt(5)) {
            case 0 -> {
                assertThat(f.run(BlockOp.WRITE, at, bytes, f.filled(half, value), f.filled(bytes - half, value + 1)))
                        .isZero();
                Arrays.fill(model, at, at + half, (byte) value);
                Arrays.fill(model, at + half, at + bytes, (byte) (value + 1));
            }
            case 1 -> {
                assertThat(f.run(BlockOp.WRITE_ZEROES, at, bytes)).isZero();
                Arrays.fill(model, at, at + bytes, zero);
            }
            case 2 -> {
                f.node.file().write(at + 3, f.filled(bytes - 7, value));
                Arrays.fill(model, at + 3, at + bytes - 4, (byte) value);
            }
            case 3 -> {
                f.node.file().writeZeroes(at + 1, bytes - 5, true);
                Arrays.fill(model, at + 1, at + bytes - 4, zero);
            }
            default -> assertThat(f.read(at, bytes)).isEqualTo(Arrays.copyOfRange(model, at, at + bytes));
        }
    }

    @Test
    void manyRequestsInFlight_allEnd() throws IOException, InterruptedException {
        try (QemuNbd server = new QemuNbd(image, "raw", socket);
                FilterFixture f = new FilterFixture(spec(0));
                FilterFixture g = f.otherLoop()) {
            List<FilterFixture.Request> requests = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                requests.add(f.submit(BlockOp.WRITE, i * 8192L, 4096, f.filled(4096, i)));
                requests.add(g.submit(BlockOp.WRITE, i * 8192L + 4096, 4096, f.filled(4096, i)));
            }
            f.loop.pollUntil(() -> {
                g.loop.pass();
                return requests.stream().allMatch(request -> request.error == 0);
            });
            for (int i = 0; i < 128; i++) {
                assertThat(f.read(i * 8192L, 8192)).containsOnly(i);
            }
            assertThat(server).isNotNull();
        }
    }

    @Test
    void status_tellsHolesFromData() throws IOException, InterruptedException {
        try (QemuNbd server = new QemuNbd(image, "raw", socket, "--discard=unmap");
                FilterFixture f = new FilterFixture(spec(0))) {
            f.run(BlockOp.DISCARD, 0, BYTES);
            f.write(1 << 20, f.filled(65536, 1));
            BlockStatus hole = f.node.status(0, BYTES);
            BlockStatus data = f.node.status(1 << 20, 65536);

            assertThat(hole.zero()).isTrue();
            assertThat(hole.lengthBytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(data.data()).isTrue();
            assertThat(data.zero()).isFalse();
            assertThat(server).isNotNull();
        }
    }

    @Test
    void lostServer_endsRequestsAndIsFoundAgain() throws IOException, InterruptedException {
        try (QemuNbd server = new QemuNbd(image, "raw", socket);
                FilterFixture f = new FilterFixture(spec(0))) {
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            server.kill();
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isEqualTo(Errno.EIO);
            server.start();
            for (int i = 0; i < 100 && f.run(BlockOp.FLUSH, 0, 0) != 0; i++) {
                Thread.sleep(50);
            }
            assertThat(f.read(0, 512)).containsOnly(1);
        }
    }

    @Test
    void reconnectDelay_letsRequestsWaitForTheServer() throws IOException, InterruptedException {
        try (QemuNbd server = new QemuNbd(image, "raw", socket);
                FilterFixture f = new FilterFixture(spec(15))) {
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            server.kill();
            FilterFixture.Request waiting = f.submit(BlockOp.WRITE, 512, 512, f.filled(512, 2));
            server.start();
            f.finish();

            assertThat(waiting.error).isZero();
            assertThat(f.read(512, 512)).containsOnly(2);
        }
    }

    @Test
    void exportThatIsNotThere_isRefusedByName() throws IOException, InterruptedException {
        try (QemuNbd server = new QemuNbd(image, "raw", socket)) {
            assertThatThrownBy(() -> BlockNodes.open(new NbdSpec("unix:" + socket, "other", false, 0)))
                    .hasMessageContaining("the server has no export 'other': name one with export=NAME");
            server.kill();
            assertThatThrownBy(() -> BlockNodes.open(spec(0))).hasMessageContaining("is the server running?");
        }
    }

    @Test
    void readOnlyExport_wantsReadOnly() throws IOException, InterruptedException {
        try (QemuNbd server = new QemuNbd(image, "raw", socket, "-r", "-e", "2")) {
            assertThatThrownBy(() -> BlockNodes.open(spec(0))).hasMessageContaining("give read-only=on");
            try (FilterFixture f = new FilterFixture(new NbdSpec("unix:" + socket, "disk", true, 0))) {
                assertThat(f.node.readOnly()).isTrue();
                assertThat(f.read(0, 512)).containsOnly(0);
            }
            assertThat(server).isNotNull();
        }
    }
}
