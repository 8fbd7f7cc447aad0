package ringside.emulator.transport;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * InterruptStatus of a device and the delivery of its interrupts. The status word is per device, as virtio-mmio has it;
 * the wake-up is routed per queue, as MSI-X vectors would be. Neither takes the big lock: irqfd and MSI-X do not either
 * (docs/adr/0007).
 */
final class MmioInterrupts implements TransportInterrupts {
    private final AtomicInteger pending = new AtomicInteger();
    private final StatusRegister status;
    private final InterruptRoute[] routes;

    MmioInterrupts(int queues, StatusRegister status) {
        this.status = status;
        this.routes = new InterruptRoute[queues];
        Arrays.fill(routes, (InterruptRoute) () -> {});
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

    @Override
    public void needsReset(String reason) {
        if (status.needsReset(reason)) {
            configChanged();
        }
    }

    @Override
    public void configChanged() {
        raise(MmioRegisters.INTERRUPT_CONFIG);
        for (InterruptRoute route : routes) {
            route.interrupt();
        }
    }

    private void raise(int bit) {
        // A bit that is still set saves the atomic write: the driver has not yet acknowledged the earlier event.
        if ((pending.get() & bit) == 0) {
            pending.getAndAccumulate(bit, (a, b) -> a | b);
        }
    }

    int pending() {
        return pending.get();
    }

    void acknowledge(int bits) {
        pending.getAndAccumulate(~bits, (a, b) -> a & b);
    }

    @Override
    public void reset() {
        pending.set(0);
    }
}
