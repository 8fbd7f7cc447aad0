package ringside.emulator.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.LibC;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;

/**
 * A client that cuts short a file which the server has mapped. The kernel answers the next access with SIGBUS, the JVM turns
 * that into an error of the thread; the server must end the connection with one line and serve the next one.
 */
class MemoryFaultTest {
    private static final GuestRegionSpec REGION =
            new GuestRegionSpec(GuestMemories.BASE_GPA, GuestMemories.REGION_BYTES);
    private static final int VIRTIO_BAR = 4;
    private static final int STATUS = 0x14;
    private static final int NOTIFY = 0x3000;

    private ServedFunction served;
    private VfioUserClient client;
    private GuestMemory memory;
    private int file;

    @BeforeEach
    void driveTheDisk(@TempDir Path folder) throws IOException {
        served = new ServedFunction(folder);
        client = served.client();
        file = LibC.memfdCreate("guest", 0);
        LibC.ftruncate(file, REGION.lengthBytes());
        memory = GuestMemory.window(REGION.lengthBytes() * 4);
        memory.map(REGION, file, 0);
        assertThat(client.map(REGION, 3, file, 0)).isZero();
        served.use(client, memory, 1);
        client.stopListening(); // what the device says of its end must not be asked about
    }

    @AfterEach
    void stop() {
        client.close();
        memory.close();
        LibC.close(file);
        served.close();
    }

    private void assertSurvived() {
        client.close();
        awaitAlone();
        assertThat(served.log())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).hasLineCount(1).contains("took away memory"));
        served.assertServes();
    }

    private void awaitAlone() {
        long start = System.nanoTime();
        while (served.export().snapshot().connected() && System.nanoTime() - start < VfioUserClient.PATIENCE_NS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        assertThat(served.export().snapshot().connected()).isFalse();
    }

    private void postKick() {
        client.command(VfioUserCommand.REGION_WRITE, 18)
                .u64(0, NOTIFY)
                .u32(8, VIRTIO_BAR)
                .u32(12, 2)
                .noReply();
        client.post();
    }

    /** Again and again: early accesses are interpreted, later ones compiled. */
    @RepeatedTest(10)
    void memoryThatIsGoneWhenKicked_endsTheConnectionOnly() {
        LibC.ftruncate(file, 0);
        postKick();
        assertThat(client.isHungUp()).isTrue();

        assertSurvived();
    }

    /** The rings are looked up again in what is still mapped. */
    @Test
    void memoryThatIsGoneWhenARangeComes_endsTheConnectionOnly() {
        LibC.ftruncate(file, 0);
        client.command(VfioUserCommand.DMA_MAP, 32).u32(0, 32).u64(16, 0).u64(24, 4096);
        client.post();
        assertThat(client.isHungUp()).isTrue();

        assertSurvived();
    }

    @Test
    void memoryThatIsGoneWhenTheDriverResets_endsTheConnectionAtMost() {
        LibC.ftruncate(file, 0);
        client.command(VfioUserCommand.REGION_WRITE, 17)
                .u64(0, STATUS)
                .u32(8, VIRTIO_BAR)
                .u32(12, 1)
                .noReply();
        client.post();
        client.close();
        awaitAlone();

        served.assertServes();
        assertThat(served.log()).allSatisfy(line -> assertThat(line).contains("took away memory"));
    }

    @Test
    void memoryThatIsGoneWhenTheClientHangsUp_isNotTouchedInVain() {
        LibC.ftruncate(file, 0);
        client.close();
        awaitAlone();

        served.assertServes();
        assertThat(served.log()).allSatisfy(line -> assertThat(line).contains("took away memory"));
    }

    @Test
    void descriptorThatIsNoEventfd_isRefused() {
        assertThat(client.assign(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 1, file)).isEqualTo(Refusal.EINVAL);
        assertThat(client.configRead(0, 2)).isEqualTo(0x1af4);
    }
}
