package ringside.emulator.guest;

import java.util.Arrays;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.transport.InterruptController;
import ringside.emulator.transport.InterruptRoute;
import ringside.emulator.transport.PciCapability;
import ringside.emulator.transport.PciCommonRegisters;
import ringside.emulator.virtqueue.DriverRingAddresses;

/**
 * The driver's side of virtio-pci, modern interface: finds the structures by their capabilities and uses each field in its
 * own width (VIRTIO-1.2 §4.1). The device must have been enumerated.
 */
public final class PciDriver implements GuestTransport {
    private static final int VENDOR_VIRTIO = 0x1af4;
    private static final int FIRST_DEVICE_ID = 0x1040;
    private static final int LAST_DEVICE_ID = 0x107f;

    private final PciDevice device;
    private final PciHostBridge bridge;
    private final PciStructure common;
    private final PciStructure notify;
    private final PciStructure isr;
    private final PciStructure deviceConfig;
    private final long multiplier;
    private final PciVectors vectors;
    /** Where each queue is kicked, and with what; 0 while it is not set up. */
    private final long[] notifyGpa;

    private final int[] notifyValue;
    private boolean notificationData;
    private boolean notifyConfigData;

    /**
     * Probes a device.
     *
     * @param device found by {@link PciEnumerator}
     * @param controller takes its interrupts
     * @throws IllegalStateException when it is no virtio device of the modern kind
     */
    public PciDriver(PciDevice device, InterruptController controller) {
        this.device = device;
        this.bridge = device.bridge();
        if (deviceType() == 0) {
            throw new IllegalStateException("PCI device " + device.address() + " is no modern virtio device");
        }
        this.common = PciStructure.find(device, PciCapability.COMMON_CFG);
        this.notify = PciStructure.find(device, PciCapability.NOTIFY_CFG);
        this.isr = PciStructure.find(device, PciCapability.ISR_CFG);
        this.deviceConfig = PciStructure.find(device, PciCapability.DEVICE_CFG);
        this.multiplier =
                Integer.toUnsignedLong(device.config(notify.capability() + PciCapability.NOTIFY_OFF_MULTIPLIER, 4));
        int queues = (int) common.load(PciCommonRegisters.NUM_QUEUES, 2);
        this.notifyGpa = new long[queues];
        this.notifyValue = new int[queues];
        this.vectors = new PciVectors(device, controller, queues);
    }

    /** Whether each queue has a vector of its own; otherwise an interrupt may concern any. */
    public boolean usesMsix() {
        return vectors.msix();
    }

    @Override
    public int deviceType() {
        int id = device.deviceId();
        boolean modern = device.vendorId() == VENDOR_VIRTIO && id >= FIRST_DEVICE_ID && id <= LAST_DEVICE_ID;
        return modern ? id - FIRST_DEVICE_ID : 0;
    }

    @Override
    public void reset() {
        common.store(PciCommonRegisters.DEVICE_STATUS, 1, 0);
        while (status() != 0) {
            Thread.onSpinWait();
        }
        Arrays.fill(notifyGpa, 0);
        map(PciCommonRegisters.CONFIG_MSIX_VECTOR, vectors.configVector());
    }

    /** Maps the events of a vector register, and verifies it (§4.1.5.1.2.2). */
    private void map(int register, int vector) {
        if (!vectors.msix()) {
            return;
        }
        common.store(register, 2, vector);
        if (common.load(register, 2) != vector) {
            throw new IllegalStateException(
                    "PCI device " + device.address() + " could not map an event to MSI-X vector " + vector);
        }
    }

    @Override
    public void addStatus(int bits) {
        common.store(PciCommonRegisters.DEVICE_STATUS, 1, status() | bits);
    }

    @Override
    public int status() {
        return (int) common.load(PciCommonRegisters.DEVICE_STATUS, 1);
    }

    @Override
    public long deviceFeatures() {
        common.store(PciCommonRegisters.DEVICE_FEATURE_SELECT, 4, 0);
        long low = common.load(PciCommonRegisters.DEVICE_FEATURE, 4);
        common.store(PciCommonRegisters.DEVICE_FEATURE_SELECT, 4, 1);
        return low | common.load(PciCommonRegisters.DEVICE_FEATURE, 4) << 32;
    }

    @Override
    public void driverFeatures(long features) {
        common.store(PciCommonRegisters.DRIVER_FEATURE_SELECT, 4, 0);
        common.store(PciCommonRegisters.DRIVER_FEATURE, 4, features & 0xffff_ffffL);
        common.store(PciCommonRegisters.DRIVER_FEATURE_SELECT, 4, 1);
        common.store(PciCommonRegisters.DRIVER_FEATURE, 4, features >>> 32);
        notificationData = (features & VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA) != 0;
        notifyConfigData = (features & VirtioFeatures.VIRTIO_F_NOTIF_CONFIG_DATA) != 0;
    }

    @Override
    public int queueMaxSize(int queue) {
        common.store(PciCommonRegisters.QUEUE_SELECT, 2, queue);
        return (int) common.load(PciCommonRegisters.QUEUE_SIZE, 2);
    }

    @Override
    public void enableQueue(int queue, int size, DriverRingAddresses addresses) {
        common.store(PciCommonRegisters.QUEUE_SELECT, 2, queue);
        common.store(PciCommonRegisters.QUEUE_SIZE, 2, size);
        storeAddress(PciCommonRegisters.QUEUE_DESC, addresses.descGpa());
        storeAddress(PciCommonRegisters.QUEUE_DRIVER, addresses.availGpa());
        storeAddress(PciCommonRegisters.QUEUE_DEVICE, addresses.usedGpa());
        map(PciCommonRegisters.QUEUE_MSIX_VECTOR, vectors.queueVector(queue));
        notifyGpa[queue] = notify.gpa(common.load(PciCommonRegisters.QUEUE_NOTIFY_OFF, 2) * multiplier);
        notifyValue[queue] = notifyConfigData ? (int) common.load(PciCommonRegisters.QUEUE_NOTIFY_DATA, 2) : queue;
        common.store(PciCommonRegisters.QUEUE_ENABLE, 2, 1);
    }

    private void storeAddress(int register, long gpa) {
        common.store(register, 4, gpa & 0xffff_ffffL);
        common.store(register + 4, 4, gpa >>> 32);
    }

    @Override
    public void kick(int queue) {
        kick(queue, 0);
    }

    @Override
    public void kick(int queue, int position) {
        if (notificationData) {
            bridge.write(notifyGpa[queue], 4, notifyValue[queue] | position << 16);
        } else {
            bridge.write(notifyGpa[queue], 2, notifyValue[queue]);
        }
    }

    @Override
    public long config(int offset, int widthBytes) {
        int before;
        long value;
        do {
            before = generation();
            value = widthBytes == 8
                    ? deviceConfig.load(offset, 4) | deviceConfig.load(offset + 4, 4) << 32
                    : deviceConfig.load(offset, widthBytes);
        } while (generation() != before);
        return value;
    }

    private int generation() {
        return (int) common.load(PciCommonRegisters.CONFIG_GENERATION, 1);
    }

    @Override
    public void putConfig(int offset, int widthBytes, long value) {
        deviceConfig.store(offset, widthBytes, value);
    }

    /** With MSI-X the vector says what happened, and ISR status is left alone (§4.1.4.5.2). */
    @Override
    public int handleInterrupt() {
        if (!vectors.msix()) {
            return (int) isr.load(0, 1);
        }
        return vectors.takeConfigPending() ? INTERRUPT_USED | INTERRUPT_CONFIG : INTERRUPT_USED;
    }

    @Override
    public void routeInterrupt(int queue, InterruptRoute cpu) {
        vectors.route(queue, cpu);
    }

    @Override
    public void resetQueue(int queue) {
        common.store(PciCommonRegisters.QUEUE_SELECT, 2, queue);
        common.store(PciCommonRegisters.QUEUE_RESET, 2, 1);
        while (common.load(PciCommonRegisters.QUEUE_RESET, 2) != 0) {
            Thread.onSpinWait();
        }
    }
}
