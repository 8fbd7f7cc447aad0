package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.SpecClause;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkFixture;

/** The device MUSTs of VIRTIO-1.2 §4.1.1 to §4.1.4 on identity and layout, one test each. */
class PciLayoutMustTest {
    private static final int COMMON = 1;
    private static final int NOTIFY = 2;
    private static final int ISR = 3;
    private static final int DEVICE = 4;
    private static final int PCI_CFG = 5;

    private final PciFixture pci = new PciFixture();

    @AfterEach
    void close() {
        pci.close();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.1")
    void interface_meetsThePciSpecification() {
        assertThat(pci.config(0x0e, 1)).as("header type 0, one function").isZero();
        assertThat(pci.config(0x06, 2) & 0x10).as("capability list").isNotZero();
        assertThat(pci.config(0x34, 1)).isGreaterThanOrEqualTo(0x40).matches(at -> at % 4 == 0);
        assertThat(pci.config(0x3d, 1)).as("INTA").isEqualTo(1);
        assertThat(pci.config(0x0b, 1)).as("mass storage").isEqualTo(1);
        assertThat(pci.capabilities(0x09)).allMatch(at -> at >= 0x40 && at % 4 == 0);
        assertThat(pci.capabilities(0x11)).hasSize(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.2.1")
    void vendorId_is1af4() {
        assertThat(pci.config(0, 2)).isEqualTo(0x1af4);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.2.1")
    void deviceId_is1040PlusTheVirtioDeviceId() {
        assertThat(pci.config(2, 2)).isEqualTo(0x1042);
    }

    /** The three SHOULDs of a non-transitional device. */
    @Test
    @SpecClause("VIRTIO-1.2 4.1.2.1")
    void revisionAndSubsystem_keepLegacyDriversAway() {
        assertThat(pci.config(0x08, 1)).isGreaterThanOrEqualTo(1);
        assertThat(pci.config(0x2e, 2)).isGreaterThanOrEqualTo(0x40);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.3.2")
    void halvesOf64BitFields_areAccessedIndependently() {
        for (int field : new int[] {0x20, 0x28, 0x30}) {
            pci.common(field + 4, 4, 0x1234_5678L);
            assertThat(pci.common(field, 4)).isZero();
            assertThat(pci.common(field + 4, 4)).isEqualTo(0x1234_5678L);
            pci.common(field, 4, 0x9abc_def0L);
            assertThat(pci.common(field, 4)).isEqualTo(0x9abc_def0L);
            assertThat(pci.common(field + 4, 4)).isEqualTo(0x1234_5678L);
        }
        long capacity = BlkFixture.DISK_BYTES / 512;
        assertThat(pci.device(0, 4) | pci.device(4, 4) << 32).isEqualTo(capacity);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.2")
    void capabilityLength_includesExtraData() {
        for (int at : pci.capabilities(0x09)) {
            int type = pci.config(at + 3, 1);
            assertThat(pci.config(at + 2, 1))
                    .as("type %d", type)
                    .isEqualTo(type == NOTIFY || type == PCI_CFG ? 20 : 16);
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void commonConfiguration_isPresented() {
        assertThat(types()).contains(COMMON);
    }

    private List<Integer> types() {
        return pci.capabilities(0x09).stream().map(at -> pci.config(at + 3, 1)).toList();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.1")
    void offsetOfCommonConfiguration_isAlignedTo4() {
        assertThat(offset(COMMON) % 4).isZero();
    }

    private int offset(int type) {
        return pci.config(pci.capability(type) + 8, 4);
    }

    private int length(int type) {
        return pci.config(pci.capability(type) + 12, 4);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.4.1")
    void notificationCapability_isPresented() {
        assertThat(types()).contains(NOTIFY);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.4.1")
    void offsetOfNotifications_isAlignedTo4BecauseNotificationDataIsOffered() {
        assertThat(pci.offered() & VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA).isNotZero();
        assertThat(offset(NOTIFY) % 4).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.4.1")
    void notifyOffMultiplier_isAPowerOfTwoAndAMultipleOf4() {
        int multiplier = multiplier();
        assertThat(Integer.bitCount(multiplier)).isEqualTo(1);
        assertThat(multiplier % 4).isZero();
    }

    private int multiplier() {
        return pci.config(pci.capability(NOTIFY) + 16, 4);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.4.1")
    void lengthOfNotifications_isAtLeast4() {
        assertThat(length(NOTIFY)).isGreaterThanOrEqualTo(4);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.4.1")
    void lengthOfNotifications_holdsTheAddressOfEveryQueue() {
        int queues = (int) pci.common(0x12, 2);
        assertThat(queues).isEqualTo(2);
        for (int q = 0; q < queues; q++) {
            pci.select(q);
            assertThat((long) length(NOTIFY)).isGreaterThanOrEqualTo(pci.common(0x1e, 2) * multiplier() + 4);
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void isrStatus_isPresented() {
        assertThat(types()).contains(ISR);
        assertThat(length(ISR)).isPositive();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.6")
    void deviceConfiguration_isPresented() {
        assertThat(types()).contains(DEVICE);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.6.1")
    void offsetOfDeviceConfiguration_isAlignedTo4() {
        assertThat(offset(DEVICE) % 4).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.9.1")
    void configurationAccess_isPresented() {
        assertThat(types()).contains(PCI_CFG);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.9.1")
    void writeToConfigurationAccessData_isExecutedInTheBar() {
        window(offset(COMMON) + 0x16, 2);
        pci.putConfig(pci.capability(PCI_CFG) + 16, 4, 0xffff_0001);
        assertThat(pci.common(0x16, 2)).isEqualTo(1);
        assertThat(pci.common(0x18, 2)).as("only the first bytes").isEqualTo(BlkFixture.RING_SIZE);
    }

    private void window(int offset, int length) {
        int at = pci.capability(PCI_CFG);
        pci.putConfig(at + 4, 1, PciFixture.VIRTIO_BAR);
        pci.putConfig(at + 8, 4, offset);
        pci.putConfig(at + 12, 4, length);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.9.1")
    void readOfConfigurationAccessData_isExecutedInTheBar() {
        int data = pci.capability(PCI_CFG) + 16;
        pci.status(3);
        window(offset(COMMON) + 0x14, 1);
        assertThat(pci.config(data, 4)).isEqualTo(3);
        window(offset(DEVICE), 4);
        assertThat(pci.config(data, 4)).isEqualTo((int) (BlkFixture.DISK_BYTES / 512));
        window(offset(COMMON) + 0x12, 2);
        assertThat(pci.config(data, 1)).as("a part of the data").isEqualTo(2);
    }

    /** §4.1.4.7.1 and §4.1.4.8.1 are about capabilities that this device does not have. */
    @Test
    @SpecClause({"VIRTIO-1.2 4.1.4.7.1", "VIRTIO-1.2 4.1.4.8.1"})
    void sharedMemoryAndVendorData_areNotPresented() {
        assertThat(types()).doesNotContain(8, 9);
    }

    @Test
    void structures_lieInsideTheirBar() {
        for (int at : pci.capabilities(0x09)) {
            if (pci.config(at + 3, 1) != PCI_CFG) {
                int bar = pci.config(at + 4, 1);
                long end = (long) pci.config(at + 8, 4) + pci.config(at + 12, 4);
                assertThat(end).isLessThanOrEqualTo(pci.function.bar(bar).sizeBytes());
            }
        }
    }
}
