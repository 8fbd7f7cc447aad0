package ringside.emulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.SpecClause;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.DriverRingAddresses;

/** The order in which our driver touches a transport, seen by a transport that writes it down. */
class VirtioBlkDriverTest {
    private static final long V1 = VirtioFeatures.VIRTIO_F_VERSION_1;
    private static final long UNKNOWN = 1L << 41 | 1L << 3;

    private final GuestMemory memory = GuestMemories.one();
    private final Monitor monitor = new Monitor();
    private final VirtioBlkDriver driver = new VirtioBlkDriver(monitor, memory, new GuestAllocator(memory));

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 3.1.1", "VIRTIO-1.2 2.1.1", "VIRTIO-1.2 4.2.3.1.1"})
    void initialisation_takesTheEightStepsInOrder() {
        monitor.offered = V1 | BlkConstants.VIRTIO_BLK_F_MQ;
        driver.initialise(List.of());
        assertThat(monitor.steps)
                .containsExactly(
                        "deviceType",
                        "reset",
                        "status+1",
                        "status+2",
                        "deviceFeatures",
                        "driverFeatures",
                        "status+8",
                        "status",
                        "config",
                        "enableQueue 0",
                        "enableQueue 1",
                        "status+4");
        assertThat(driver.queues()).hasSize(2);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.2.1")
    void acceptedFeatures_areASubsetOfOfferAndKnowledge() {
        monitor.offered = V1 | UNKNOWN | BlkConstants.VIRTIO_BLK_F_FLUSH;
        driver.initialise(List.of());
        assertThat(monitor.accepted).isEqualTo(V1 | BlkConstants.VIRTIO_BLK_F_FLUSH);
        assertThat(driver.has(BlkConstants.VIRTIO_BLK_F_DISCARD)).isFalse();
        assertThat(driver.queues()).as("no num_queues without MQ").hasSize(1);
        assertThat(monitor.steps).doesNotContain("config");
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.2.1", "VIRTIO-1.2 3.1.1"})
    void refusedFeatures_endInFailedWithoutTouchingQueues() {
        monitor.offered = V1;
        monitor.refuse = true;
        assertThatThrownBy(() -> driver.initialise(List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("refused the features");
        assertThat(monitor.status & DeviceStatus.FAILED).isNotZero();
        assertThat(monitor.status & DeviceStatus.DRIVER_OK).isZero();
        assertThat(monitor.steps).noneMatch(step -> step.startsWith("enableQueue"));
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.3.1.1")
    void noDevice_isLeftAlone() {
        monitor.type = 0;
        assertThatThrownBy(() -> driver.initialise(List.of())).hasMessageContaining("no virtio-blk device");
        assertThat(monitor.steps).containsExactly("deviceType");
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.1")
    void batch_isKickedOnce() {
        monitor.offered = V1;
        driver.initialise(List.of());
        monitor.steps.clear();
        BlkDriverQueue queue = driver.queues().getFirst();
        for (int i = 0; i < queue.maxDepth(); i++) {
            assertThat(queue.submit(BlkConstants.VIRTIO_BLK_T_IN, i, GuestMemories.BASE_GPA, 512))
                    .isNotEqualTo(BlkDriverQueue.NONE);
        }
        assertThat(queue.submit(BlkConstants.VIRTIO_BLK_T_IN, 0, GuestMemories.BASE_GPA, 512))
                .isEqualTo(BlkDriverQueue.NONE);
        assertThat(monitor.steps).as("nothing before publish").isEmpty();
        queue.publish();
        queue.publish();
        assertThat(monitor.steps).containsExactly("kick 0");
    }

    /** A device that has two queues of 16 entries and answers as told. */
    private static final class Monitor implements DriverTransport {
        final List<String> steps = new ArrayList<>();
        long offered = V1;
        long accepted;
        boolean refuse;
        int type = BlkConstants.VIRTIO_ID_BLOCK;
        int status;

        @Override
        public int deviceType() {
            steps.add("deviceType");
            return type;
        }

        @Override
        public void reset() {
            steps.add("reset");
            status = 0;
        }

        @Override
        public void addStatus(int bits) {
            steps.add("status+" + bits);
            boolean refused = refuse && bits == DeviceStatus.FEATURES_OK;
            status |= refused ? 0 : bits;
        }

        @Override
        public int status() {
            steps.add("status");
            return status;
        }

        @Override
        public long deviceFeatures() {
            steps.add("deviceFeatures");
            return offered;
        }

        @Override
        public void driverFeatures(long features) {
            steps.add("driverFeatures");
            accepted = features;
        }

        @Override
        public int queueMaxSize(int queue) {
            return 16;
        }

        @Override
        public void enableQueue(int queue, int size, DriverRingAddresses addresses) {
            steps.add("enableQueue " + queue);
        }

        @Override
        public void kick(int queue) {
            steps.add("kick " + queue);
        }

        @Override
        public long config(int offset, int widthBytes) {
            steps.add("config");
            return 2;
        }

        @Override
        public void putConfig(int offset, int widthBytes, long value) {
            steps.add("putConfig");
        }

        @Override
        public int handleInterrupt() {
            return 0;
        }
    }
}
