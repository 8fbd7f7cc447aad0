package ringside.emulator.transport;

import ringside.emulator.pci.MsixTable;
import ringside.emulator.pci.PciBar;
import ringside.emulator.pci.PciConfigSpace;
import ringside.emulator.pci.PciIdentity;
import ringside.emulator.pci.PciRegisters;

/**
 * Where the structures of a virtio-pci function are (VIRTIO-1.2 §4.1.4): MSI-X in BAR 1, all else in BAR 4, as QEMU has
 * it. Each structure has a page of its own, so that a hypervisor can map or trap them one by one.
 */
final class PciLayout {
    static final int MSIX_BAR = 1;
    static final int VIRTIO_BAR = 4;

    static final int PAGE_BYTES = 0x1000;
    static final int COMMON = 0;
    static final int ISR = 0x1000;
    static final int DEVICE = 0x2000;
    static final int NOTIFY = 0x3000;

    /** A doubleword per queue: room for the 32 bits of VIRTIO_F_NOTIFICATION_DATA (§4.1.4.4.1). */
    static final int NOTIFY_OFF_MULTIPLIER = 4;

    private static final int VENDOR = 0x1af4;
    private static final int FIRST_DEVICE_ID = 0x1040;
    private static final int REVISION = 1;
    private static final int CLASS_STORAGE_SCSI = 0x010000;
    private static final int CLASS_OTHER = 0xff0000;
    private static final int TYPE_BLOCK = 2;
    private static final int ISR_BYTES = 4;
    /** The table's half of the BAR is at least this long. */
    private static final int SMALLEST_HALF = 2048;

    private PciLayout() {}

    /** A non-transitional device (§4.1.2.1). */
    static PciIdentity identity(int deviceType) {
        int classCode = deviceType == TYPE_BLOCK ? CLASS_STORAGE_SCSI : CLASS_OTHER;
        int deviceId = FIRST_DEVICE_ID + deviceType;
        return new PciIdentity(VENDOR, deviceId, REVISION, classCode, VENDOR, deviceId);
    }

    static PciBar virtioBar(int queues) {
        return new PciBar(powerOfTwo(NOTIFY + notifyBytes(queues)), true, false);
    }

    static PciBar msixBar(MsixTable msix) {
        return msix.vectors() == 0 ? PciBar.NONE : new PciBar(2L * pendingOffset(msix), false, false);
    }

    /** Where the pending bits begin: the second half of the BAR. */
    static int pendingOffset(MsixTable msix) {
        return Math.max(SMALLEST_HALF, powerOfTwo(msix.tableBytes()));
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }

    static int notifyBytes(int queues) {
        return Math.max(1, queues) * NOTIFY_OFF_MULTIPLIER;
    }

    /**
     * Appends the structure capabilities, in the order in which a driver should prefer them.
     *
     * @return offset of VIRTIO_PCI_CAP_PCI_CFG
     */
    static int addCapabilities(PciConfigSpace config, int queues) {
        add(config, PciCapability.COMMON_CFG, COMMON, PciCommonRegisters.BYTES);
        int notify = add(config, PciCapability.NOTIFY_CFG, NOTIFY, notifyBytes(queues));
        config.put(notify + PciCapability.NOTIFY_OFF_MULTIPLIER, 4, NOTIFY_OFF_MULTIPLIER);
        add(config, PciCapability.ISR_CFG, ISR, ISR_BYTES);
        add(config, PciCapability.DEVICE_CFG, DEVICE, PAGE_BYTES);
        int access = add(config, PciCapability.PCI_CFG, 0, 0);
        config.put(access + PciCapability.BAR, 1, 0);
        config.allowWrites(access + PciCapability.BAR, 1, 0xff);
        config.allowWrites(access + PciCapability.OFFSET, 4, -1);
        config.allowWrites(access + PciCapability.LENGTH, 4, -1);
        config.allowWrites(access + PciCapability.PCI_CFG_DATA, 4, -1);
        return access;
    }

    private static int add(PciConfigSpace config, int type, int offset, int bytes) {
        int length = PciCapability.bytes(type);
        int at = config.addCapability(PciRegisters.CAP_ID_VENDOR, length);
        config.put(at + PciCapability.CAP_LEN, 1, length);
        config.put(at + PciCapability.CFG_TYPE, 1, type);
        config.put(at + PciCapability.BAR, 1, VIRTIO_BAR);
        config.put(at + PciCapability.OFFSET, 4, offset);
        config.put(at + PciCapability.LENGTH, 4, bytes);
        return at;
    }
}
