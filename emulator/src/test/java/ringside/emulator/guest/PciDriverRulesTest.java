package ringside.emulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.device.blk.RecordingNode;
import ringside.emulator.guest.MonitoredFunction.Access;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.pci.PciAddress;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.transport.InterruptController;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.PciTransport;
import ringside.emulator.transport.TransportParts;

/** The driver MUSTs of VIRTIO-1.2 §4.1, kept by our driver before the eyes of a bus monitor. */
@Timeout(60)
class PciDriverRulesTest {
    private static final int VIRTIO_BAR = 4;
    private static final int ISR = 0x1000;
    private static final int NOTIFY = 0x3000;
    private static final int QUEUE_ENABLE = 0x1c;

    /** Width of each field of the common configuration that a driver may touch; 64-bit fields by halves. */
    private static final Map<Long, Integer> WIDTHS = Map.ofEntries(
            Map.entry(0x00L, 4),
            Map.entry(0x04L, 4),
            Map.entry(0x08L, 4),
            Map.entry(0x0cL, 4),
            Map.entry(0x10L, 2),
            Map.entry(0x12L, 2),
            Map.entry(0x14L, 1),
            Map.entry(0x15L, 1),
            Map.entry(0x16L, 2),
            Map.entry(0x18L, 2),
            Map.entry(0x1aL, 2),
            Map.entry(0x1cL, 2),
            Map.entry(0x1eL, 2),
            Map.entry(0x20L, 4),
            Map.entry(0x24L, 4),
            Map.entry(0x28L, 4),
            Map.entry(0x2cL, 4),
            Map.entry(0x30L, 4),
            Map.entry(0x34L, 4),
            Map.entry(0x38L, 2),
            Map.entry(0x3aL, 2));

    private final BlkFixture blk =
            new BlkFixture(BlkFixture.settings(2, true, true), new RecordingNode(BlkFixture.DISK_BYTES, false, true));
    private final InterruptController controller = new InterruptController();
    private MonitoredFunction monitor;
    private PciDriver driver;
    private VirtioBlkDriver disk;
    private int interrupts;

    @AfterEach
    void close() {
        if (monitor != null) {
            monitor.reset();
        }
        blk.close();
    }

    private PciDevice plug(int vectors) {
        PciTransport function =
                new PciTransport(new TransportParts(blk.device, blk.memory, blk.lock, KickPolicy.TRAPPED), vectors);
        monitor = new MonitoredFunction(function);
        PciHostBridge bridge = new PciHostBridge();
        PciAddress slot = bridge.attach(monitor);
        monitor.connect(controller.sink(slot));
        return PciEnumerator.enumerate(bridge).getFirst();
    }

    private void initialise(int vectors) {
        driver = new PciDriver(plug(vectors), controller);
        for (int q = 0; q < 2; q++) {
            driver.routeInterrupt(q, () -> interrupts++);
        }
        disk = new VirtioBlkDriver(driver, blk.memory, new GuestAllocator(blk.memory));
        disk.initialise(List.of());
    }

    private void flush() {
        BlkDriverQueue queue = disk.queues().getFirst();
        queue.enableInterrupts();
        queue.submit(BlkConstants.VIRTIO_BLK_T_FLUSH, 0, 0, 0);
        queue.publish();
        queue.handleInterrupt();
        assertThat(queue.poll()).isNotEqualTo(BlkDriverQueue.NONE);
    }

    private List<Access> common() {
        return monitor.accesses.stream()
                .filter(access -> access.bar() == VIRTIO_BAR && access.offset() < ISR)
                .toList();
    }

    private List<Access> writes(long offset) {
        return common().stream()
                .filter(access -> access.write() && access.offset() == offset)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 2048})
    @SpecClause({"VIRTIO-1.2 4.1.3.1", "VIRTIO-1.2 4.1.5.1.2.2"})
    void everyField_isAccessedInItsWidthWithAnyTableSize(int vectors) {
        initialise(vectors);
        flush();
        assertThat(interrupts).isPositive();
        disk.capacityBytes();
        disk.shutdown();
        assertThat(common())
                .isNotEmpty()
                .allSatisfy(access -> assertThat(WIDTHS).containsEntry(access.offset(), access.width()));
        assertThat(monitor.accesses).noneMatch(access -> access.width() == 8);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void readOnlyFields_areNeverWritten() {
        initialise(3);
        disk.shutdown();
        for (long field : new long[] {0x04, 0x12, 0x15, 0x1e, 0x38}) {
            assertThat(writes(field)).isEmpty();
        }
        assertThat(writes(QUEUE_ENABLE)).hasSize(2).allMatch(access -> access.value() == 1);
        assertThat(writes(0x18)).allMatch(access -> Long.bitCount(access.value()) == 1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void queueFields_areWrittenBeforeTheQueueIsEnabled() {
        initialise(3);
        boolean enabled = false;
        for (Access access : common()) {
            if (access.write() && access.offset() == 0x16) {
                enabled = false;
            } else if (access.write() && access.offset() == QUEUE_ENABLE) {
                enabled = true;
            } else if (access.write() && access.offset() > 0x16) {
                assertThat(enabled).as("write to 0x%x", access.offset()).isFalse();
            }
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void resetStatus_isReadUntilItIs0() {
        initialise(3);
        List<Access> accesses = common();
        int reset = -1;
        for (int i = 0; reset < 0; i++) {
            Access access = accesses.get(i);
            reset = access.write() && access.offset() == 0x14 && access.value() == 0 ? i : -1;
        }
        assertThat(accesses.get(reset + 1)).isEqualTo(new Access(false, VIRTIO_BAR, 0x14, 1, 0));
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void queueReset_isReadUntilItIs0() {
        initialise(3);
        assertThat(disk.has(VirtioFeatures.VIRTIO_F_RING_RESET)).isTrue();
        driver.resetQueue(1);
        assertThat(common().getLast()).isEqualTo(new Access(false, VIRTIO_BAR, 0x3a, 2, 0));
        assertThat(writes(0x3a)).hasSize(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.2")
    void eachMapping_isVerified() {
        initialise(3);
        List<Access> accesses = common();
        for (int i = 0; i < accesses.size(); i++) {
            Access access = accesses.get(i);
            if (access.write() && (access.offset() == 0x10 || access.offset() == 0x1a)) {
                assertThat(access.value()).isLessThan(3);
                assertThat(accesses.get(i + 1))
                        .isEqualTo(new Access(false, VIRTIO_BAR, access.offset(), 2, access.value()));
            }
        }
        assertThat(writes(0x1a)).hasSize(2);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.2")
    void mappingThatFails_isReported() {
        driver = new PciDriver(plug(3), controller);
        monitor.answers.put(0x10L, 0xffffL);
        disk = new VirtioBlkDriver(driver, blk.memory, new GuestAllocator(blk.memory));
        assertThatThrownBy(() -> disk.initialise(List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("PCI device 00:01.0 could not map an event to MSI-X vector 0");
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.2")
    void isrStatus_isLeftAloneWithMsix() {
        initialise(3);
        flush();
        assertThat(monitor.accesses).noneMatch(access -> access.bar() == VIRTIO_BAR && access.offset() == ISR);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void intx_isDeassertedByReadingIsrStatus() {
        initialise(0);
        flush();
        assertThat(interrupts).isEqualTo(2);
        assertThat(monitor.intxAsserted()).isFalse();
        assertThat(monitor.accesses).anyMatch(access -> access.bar() == VIRTIO_BAR && access.offset() == ISR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    @SpecClause("VIRTIO-1.2 4.1.5.4.2")
    void oneInterruptForQueueAndConfiguration_isHandledAsBoth(int vectors) {
        initialise(vectors);
        BlkDriverQueue queue = disk.queues().getFirst();
        blk.lock.lock();
        blk.device.resize(BlkFixture.DISK_BYTES / 2);
        blk.lock.unlock();
        queue.enableInterrupts();
        queue.submit(BlkConstants.VIRTIO_BLK_T_FLUSH, 0, 0, 0);
        queue.publish();
        assertThat(queue.handleInterrupt())
                .isEqualTo(DriverTransport.INTERRUPT_USED | DriverTransport.INTERRUPT_CONFIG);
        assertThat(queue.poll()).isNotEqualTo(BlkDriverQueue.NONE);
        assertThat(disk.capacityBytes()).isEqualTo(BlkFixture.DISK_BYTES / 2);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 4.1.5.2.1", "VIRTIO-1.2 2.9"})
    void kick_carriesQueueAndPosition() {
        initialise(3);
        assertThat(disk.has(VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA)).isTrue();
        flush();
        assertThat(monitor.accesses).contains(new Access(true, VIRTIO_BAR, NOTIFY, 4, 1 << 16));
    }

    /** A capability of our own before the others: of a reserved type, of a type with a reserved BAR, and too long ones. */
    @ParameterizedTest
    @ValueSource(ints = {0, 6, 7, 10, 255})
    @SpecClause("VIRTIO-1.2 4.1.4.1")
    void capabilitiesOfReservedTypesAndBars_areIgnored(int reserved) {
        PciDevice device = plug(3);
        int first = monitor.configRead(0x34, 1);
        overlay(0x34, 0xd0);
        overlay(0xd0, 9, 0xe0, 16, reserved, VIRTIO_BAR, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff);
        overlay(0xe0, 9, first, 16, 1, Math.max(6, reserved), 0, 0, 0, 0, 0, 0, 0);
        overlay(first + 2, 0xff);
        overlay(first + 12, 0xff, 0xff, 0xff, 0x7f);
        driver = new PciDriver(device, controller);
        disk = new VirtioBlkDriver(driver, blk.memory, new GuestAllocator(blk.memory));
        disk.initialise(List.of());
        flush();
    }

    private void overlay(int offset, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            monitor.overlay.put(offset + i, bytes[i]);
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.1")
    void capabilityStructures_areNeverWrittenExceptMsixControl() {
        initialise(3);
        flush();
        assertThat(monitor.configWrites.stream()
                        .filter(offset -> offset >= 0x40)
                        .distinct())
                .hasSize(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.2.2")
    void anyRevisionAndSubsystem_areMatched() {
        PciDevice device = plug(3);
        overlay(8, 0x7f);
        overlay(0x2c, 0x34, 0x12, 0x78, 0x56);
        assertThat(new PciDriver(device, controller).deviceType()).isEqualTo(BlkConstants.VIRTIO_ID_BLOCK);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 4.1.2.2", "VIRTIO-1.2 4.1.5.1.1"})
    void otherDevices_areRefusedInOneLine() {
        PciDevice device = plug(3);
        overlay(0, 0x86, 0x80);
        assertThatThrownBy(() -> new PciDriver(device, controller))
                .hasMessage("PCI device 00:01.0 is no modern virtio device");
        overlay(0, 0xf4, 0x1a, 0x01, 0x10);
        assertThatThrownBy(() -> new PciDriver(device, controller)).hasMessageContaining("no modern virtio");
        overlay(2, 0x42);
        overlay(0x34, 0);
        assertThatThrownBy(() -> new PciDriver(device, controller)).hasMessageContaining("a legacy device?");
    }

    @Test
    @SpecClause("PCI-3.0 6.7")
    void capabilityListWithALoop_ends() {
        PciDevice device = plug(3);
        overlay(0x34, 0xd0);
        overlay(0xd0, 9, 0xd0, 16, 0xff);
        assertThatThrownBy(() -> new PciDriver(device, controller)).isInstanceOf(IllegalStateException.class);
    }
}
