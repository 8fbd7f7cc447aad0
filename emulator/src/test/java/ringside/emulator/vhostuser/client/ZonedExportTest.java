package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.guest.ZoneReport;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.TraceMode;

/** A host-managed disk over vhost-user: for a front-end that passes zones, and for one that does not. */
class ZonedExportTest {
    private static final int ZONE_BYTES = 1 << 16;
    private static final int ZONES = 16;

    @TempDir
    Path folder;

    private final GuestMemory memory = GuestMemories.two();

    @AfterEach
    void close() {
        memory.close();
    }

    private Export export() {
        BlockNodeSpec node = new BlockNodeSpec.Zoned(
                new BlockNodeSpec.Null((long) ZONES * ZONE_BYTES, 0, false),
                new ZoneSpec(ZoneModel.HOST_MANAGED, ZONE_BYTES, 0, 0, 4, 8, 65536),
                Optional.empty());
        Export export = Export.open(new ExportSpec(
                folder.resolve("s"),
                node,
                "export0",
                1,
                FrontEndFixture.QUEUE_SIZE,
                1,
                PollSpec.QEMU_DEFAULT,
                TraceMode.OFF,
                true,
                true,
                "zoned"));
        export.start();
        return export;
    }

    private VhostUserFrontEnd connect() {
        return VhostUserFrontEnd.connect(FrontEndSpec.of(folder.resolve("s"), 1, FrontEndFixture.QUEUE_SIZE), memory);
    }

    @Test
    void frontEndWithZones_appendsAndSeesThePointerMove() {
        try (Export export = export();
                VhostUserFrontEnd frontEnd = connect();
                CallWaiter waiter = frontEnd.callWaiter(List.of(0))) {
            assertThat(export.node().zones()).isPresent();
            GuestAllocator allocator = new GuestAllocator(memory);
            VirtioBlkDriver driver = new VirtioBlkDriver(frontEnd, memory, allocator);
            driver.initialise(List.of());
            assertThat(driver.zoneBytes()).isEqualTo(ZONE_BYTES);
            BlkDriverQueue queue = driver.queues().getFirst();
            long data = allocator.allocate(4096, 4096);
            for (int i = 0; i < 3; i++) {
                int head = queue.submitAppend(2L * ZONE_BYTES / 512, data, 4096);
                assertThat(await(queue, waiter, head)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
                assertThat(queue.appendedSector(head)).isEqualTo((2L * ZONE_BYTES + i * 4096) / 512);
            }
            int head = queue.submit(BlkConstants.VIRTIO_BLK_T_ZONE_REPORT, 2L * ZONE_BYTES / 512, data, 128);
            assertThat(await(queue, waiter, head)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
            assertThat(ZoneReport.read(memory, data))
                    .containsExactly(new ZoneReport.Zone(
                            ZONE_BYTES / 512, 2L * ZONE_BYTES / 512, (2L * ZONE_BYTES + 3 * 4096) / 512, 2, 2));
        }
    }

    private static int await(BlkDriverQueue queue, CallWaiter waiter, int head) {
        queue.publish();
        while (!queue.hasUsed()) {
            if (!queue.enableInterrupts()) {
                assertThat(waiter.await(1_000_000_000L)).isTrue();
            }
        }
        assertThat(queue.poll()).isEqualTo(head);
        return queue.status(head);
    }

    /** QEMU 7.2 is one: it would show the disk to its guest as an ordinary one. */
    @Test
    void frontEndWithoutZones_isRefused() {
        try (Export export = export();
                VhostUserFrontEnd frontEnd = connect()) {
            assertThat(export.snapshot().connected()).isTrue();
            assertThatThrownBy(() -> {
                        frontEnd.driverFeatures(VirtioFeatures.VIRTIO_F_VERSION_1 | BlkConstants.VIRTIO_BLK_F_FLUSH);
                        frontEnd.addStatus(DeviceStatus.FEATURES_OK);
                        frontEnd.deviceFeatures();
                        frontEnd.config(BlkConstants.CONFIG_CAPACITY, 8);
                        frontEnd.reset();
                    })
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
