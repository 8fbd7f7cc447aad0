package ringside.emulator.guest;

import ringside.emulator.transport.InterruptRoute;

/** A transport of the guest's own machine, where its driver decides which vCPU a queue interrupts. */
public interface GuestTransport extends DriverTransport {
    /** Directs the interrupts of a queue, used buffers and configuration changes, to a vCPU. Not while it is in use. */
    void routeInterrupt(int queue, InterruptRoute cpu);

    /** Resets a queue and waits until it is (VIRTIO-1.2 §2.6.1.1); only with VIRTIO_F_RING_RESET. */
    void resetQueue(int queue);
}
