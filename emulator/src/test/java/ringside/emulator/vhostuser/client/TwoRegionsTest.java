package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.TraceMode;
import ringside.emulator.vhostuser.ProtocolFeatures;

/**
 * Guest memory with a hole, on real servers: rings in the one region, buffers in both, user addresses that are neither
 * guest physical nor offsets in the file.
 */
@Timeout(30)
class TwoRegionsTest {
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 16;

    @TempDir
    Path folder;

    private final GuestMemory memory = GuestMemories.two();
    private final byte[] content = new byte[BLOCKS * BLOCK_BYTES];
    private Path image;
    private Path socket;

    @BeforeEach
    void makeImage() throws IOException {
        new Random(1).nextBytes(content);
        image = Files.write(folder.resolve("image.raw"), content);
        socket = folder.resolve("s");
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest(name = "memory slots: {0}")
    @CsvSource({"true", "false"})
    void ownServer_readsIntoBoth(boolean slots) {
        ExportSpec spec = new ExportSpec(
                socket,
                new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, true, false),
                "export0",
                1,
                FrontEndFixture.QUEUE_SIZE,
                1,
                PollSpec.QEMU_DEFAULT,
                TraceMode.OFF,
                true,
                true,
                "two");
        try (Export export = Export.open(spec)) {
            export.start();
            assertReadsArrive(slots);
        }
    }

    @ParameterizedTest(name = "memory slots: {0}")
    @CsvSource({"true", "false"})
    void storageDaemon_readsIntoBoth(boolean slots) throws IOException {
        assumeTrue(onPath("qemu-storage-daemon"), "qemu-storage-daemon is not installed");
        Process daemon = new ProcessBuilder(
                        "qemu-storage-daemon",
                        "--blockdev",
                        "driver=file,node-name=n0,read-only=on,filename=" + image,
                        "--export",
                        "vhost-user-blk,id=e0,node-name=n0,addr.type=unix,addr.path=" + socket)
                .inheritIO()
                .start();
        try {
            assertReadsArrive(slots);
        } finally {
            daemon.destroyForcibly();
        }
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private void assertReadsArrive(boolean slots) {
        FrontEndSpec spec = FrontEndSpec.of(socket, 1, FrontEndFixture.QUEUE_SIZE)
                .withoutProtocolFeatures(slots ? 0 : ProtocolFeatures.CONFIGURE_MEM_SLOTS);
        try (VhostUserFrontEnd frontEnd = VhostUserFrontEnd.connect(spec, memory);
                CallWaiter waiter = frontEnd.callWaiter(List.of(0))) {
            VirtioBlkDriver driver = new VirtioBlkDriver(frontEnd, memory, new GuestAllocator(memory));
            driver.initialise(List.of());
            for (int block = 0; block < BLOCKS; block++) {
                assertThat(read(waiter, driver.queues().getFirst(), block))
                        .isEqualTo(Arrays.copyOfRange(content, block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES));
            }
        }
    }

    /** Into the last half of the one region or of the other, in turn. */
    private byte[] read(CallWaiter waiter, BlkDriverQueue queue, int block) {
        long region = (block & 1) == 0 ? GuestMemories.BASE_GPA : GuestMemories.SECOND_GPA;
        long gpa = region + GuestMemories.REGION_BYTES / 2 + (long) block * BLOCK_BYTES;
        int head = queue.submit(BlkConstants.VIRTIO_BLK_T_IN, block * 8L, gpa, BLOCK_BYTES);
        queue.publish();
        while (!queue.hasUsed()) {
            if (!queue.enableInterrupts()) {
                assertThat(waiter.await(1_000_000_000L)).isTrue();
            }
        }
        assertThat(queue.poll()).isEqualTo(head);
        assertThat(queue.status(head)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
        byte[] data = new byte[BLOCK_BYTES];
        memory.ram()
                .asSlice(memory.translate(gpa, BLOCK_BYTES), BLOCK_BYTES)
                .asByteBuffer()
                .get(data);
        return data;
    }
}
