package ringside.emulator.transport;

import java.util.concurrent.atomic.AtomicInteger;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.InterruptLine;

/**
 * InterruptStatus of a device and the delivery of its interrupts. The status word is per device, as virtio-mmio has it;
 * the wake-up is routed per queue, as MSI-X vectors would be. Neither takes the big lock: irqfd and MSI-X do not either
 * (docs/adr/0007).
 */
final class MmioInterrupts implements InterruptLine {
    private final AtomicInteger status = new AtomicInteger();
    private final AtomicInteger deviceStatus;
    private final InterruptRoute[] routes;
    private volatile String lastFault = "";

    MmioInterrupts(int queues, AtomicInteger deviceStatus) {
        this.deviceStatus = deviceStatus;
        this.routes = new InterruptRoute[queues];
        java.util.Arrays.fill(routes, (InterruptRoute) () -> {});
    }

    /** Directs a queue's interrupts; before the device is activated. */
    void route(int queue, InterruptRoute route) {
        routes[queue] = route;
    }

    @Override
    public void used(int queue) {
        raise(MmioRegisters.INTERRUPT_USED);
        routes[queue].interrupt();
    }

    /** A configuration notification is sent only to a driver that said DRIVER_OK (VIRTIO-1.2 §2.1.2). */
    @Override
    public void needsReset(String reason) {
        lastFault = reason;
        int before = deviceStatus.getAndAccumulate(DeviceStatus.DEVICE_NEEDS_RESET, (a, b) -> a | b);
        if ((before & DeviceStatus.DRIVER_OK) != 0) {
            raise(MmioRegisters.INTERRUPT_CONFIG);
            for (InterruptRoute route : routes) {
                route.interrupt();
            }
        }
    }

    private void raise(int bit) {
        // A bit that is still set saves the atomic write: the driver has not yet acknowledged the earlier event.
        if ((status.get() & bit) == 0) {
            status.getAndAccumulate(bit, (a, b) -> a | b);
        }
    }

    int status() {
        return status.get();
    }

    void acknowledge(int bits) {
        status.getAndAccumulate(~bits, (a, b) -> a & b);
    }

    void clear() {
        status.set(0);
    }

    /** Why the device last asked for a reset; empty when it never did. */
    String lastFault() {
        return lastFault;
    }
}
