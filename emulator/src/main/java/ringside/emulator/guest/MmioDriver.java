package ringside.emulator.guest;

import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.transport.InterruptRoute;
import ringside.emulator.transport.MmioRegisters;
import ringside.emulator.transport.MmioTransport;
import ringside.emulator.virtqueue.DriverRingAddresses;

/** The driver's side of virtio-mmio: loads and stores on the register window, in the order the specification wants. */
public final class MmioDriver implements GuestTransport {
    private final MmioTransport window;
    private boolean notificationData;

    public MmioDriver(MmioTransport window) {
        this.window = window;
    }

    private int load(int register) {
        return (int) window.read(register, 4);
    }

    private void store(int register, int value) {
        window.write(register, 4, value);
    }

    @Override
    public int deviceType() {
        boolean virtio = load(MmioRegisters.MAGIC_VALUE) == MmioRegisters.MAGIC
                && load(MmioRegisters.VERSION) == MmioRegisters.VERSION_2;
        return virtio ? load(MmioRegisters.DEVICE_ID) : 0;
    }

    @Override
    public void reset() {
        store(MmioRegisters.STATUS, 0);
        while (load(MmioRegisters.STATUS) != 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void addStatus(int bits) {
        store(MmioRegisters.STATUS, status() | bits);
    }

    @Override
    public int status() {
        return load(MmioRegisters.STATUS);
    }

    @Override
    public long deviceFeatures() {
        store(MmioRegisters.DEVICE_FEATURES_SEL, 0);
        long low = Integer.toUnsignedLong(load(MmioRegisters.DEVICE_FEATURES));
        store(MmioRegisters.DEVICE_FEATURES_SEL, 1);
        return low | (long) load(MmioRegisters.DEVICE_FEATURES) << 32;
    }

    @Override
    public void driverFeatures(long features) {
        store(MmioRegisters.DRIVER_FEATURES_SEL, 0);
        store(MmioRegisters.DRIVER_FEATURES, (int) features);
        store(MmioRegisters.DRIVER_FEATURES_SEL, 1);
        store(MmioRegisters.DRIVER_FEATURES, (int) (features >>> 32));
        notificationData = (features & VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA) != 0;
    }

    @Override
    public int queueMaxSize(int queue) {
        store(MmioRegisters.QUEUE_SEL, queue);
        return load(MmioRegisters.QUEUE_NUM_MAX);
    }

    @Override
    public void enableQueue(int queue, int size, DriverRingAddresses addresses) {
        store(MmioRegisters.QUEUE_SEL, queue);
        store(MmioRegisters.QUEUE_NUM, size);
        storeAddress(MmioRegisters.QUEUE_DESC_LOW, addresses.descGpa());
        storeAddress(MmioRegisters.QUEUE_DRIVER_LOW, addresses.availGpa());
        storeAddress(MmioRegisters.QUEUE_DEVICE_LOW, addresses.usedGpa());
        store(MmioRegisters.QUEUE_READY, 1);
    }

    /** The high half's register follows the low half's. */
    private void storeAddress(int lowRegister, long gpa) {
        store(lowRegister, (int) gpa);
        store(lowRegister + 4, (int) (gpa >>> 32));
    }

    @Override
    public void kick(int queue) {
        kick(queue, 0);
    }

    @Override
    public void kick(int queue, int position) {
        window.write(MmioRegisters.QUEUE_NOTIFY, 4, notificationData ? queue | position << 16 : queue);
    }

    @Override
    public long config(int offset, int widthBytes) {
        int before;
        long value;
        do {
            before = load(MmioRegisters.CONFIG_GENERATION);
            value = widthBytes == 8
                    ? window.read(MmioRegisters.CONFIG + offset, 4)
                            | window.read(MmioRegisters.CONFIG + offset + 4, 4) << 32
                    : window.read(MmioRegisters.CONFIG + offset, widthBytes);
        } while (load(MmioRegisters.CONFIG_GENERATION) != before);
        return value;
    }

    @Override
    public void putConfig(int offset, int widthBytes, long value) {
        window.write(MmioRegisters.CONFIG + offset, widthBytes, value);
    }

    @Override
    public int handleInterrupt() {
        int pending = load(MmioRegisters.INTERRUPT_STATUS);
        if (pending != 0) {
            store(MmioRegisters.INTERRUPT_ACK, pending);
        }
        return pending;
    }

    @Override
    public void routeInterrupt(int queue, InterruptRoute cpu) {
        window.routeInterrupt(queue, cpu);
    }

    @Override
    public void resetQueue(int queue) {
        store(MmioRegisters.QUEUE_SEL, queue);
        store(MmioRegisters.QUEUE_RESET, 1);
        while (load(MmioRegisters.QUEUE_RESET) != 0) {
            Thread.onSpinWait();
        }
    }
}
