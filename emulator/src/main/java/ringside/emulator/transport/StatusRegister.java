package ringside.emulator.transport;

import java.util.concurrent.atomic.AtomicInteger;
import ringside.emulator.device.DeviceStatus;

/** The device status field (VIRTIO-1.2 §2.1). Any thread: a device asks for a reset from whatever loop it runs on. */
final class StatusRegister {
    private final AtomicInteger bits = new AtomicInteger();
    private volatile String lastFault = "";

    int get() {
        return bits.get();
    }

    boolean has(int bit) {
        return (bits.get() & bit) != 0;
    }

    void add(int more) {
        bits.getAndAccumulate(more, (a, b) -> a | b);
    }

    void clear() {
        bits.set(0);
    }

    /**
     * Sets DEVICE_NEEDS_RESET.
     *
     * @return whether the driver is to be notified: only one that said DRIVER_OK is (§2.1.2)
     */
    boolean needsReset(String reason) {
        lastFault = reason;
        int before = bits.getAndAccumulate(DeviceStatus.DEVICE_NEEDS_RESET, (a, b) -> a | b);
        return (before & DeviceStatus.DRIVER_OK) != 0;
    }

    /** Why the device last asked for a reset; empty when it never did. */
    String lastFault() {
        return lastFault;
    }
}
