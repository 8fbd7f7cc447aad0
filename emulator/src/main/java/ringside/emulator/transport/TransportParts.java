package ringside.emulator.transport;

import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.memory.GuestMemory;

/**
 * What a transport stands between.
 *
 * @param device the device
 * @param memory memory of the guest, our own or a window into another process's
 * @param lock taken for control registers
 * @param kickPolicy what a kick does
 * @param notificationData whether VIRTIO_F_NOTIFICATION_DATA is offered
 */
public record TransportParts(
        VirtioDevice device, GuestMemory memory, BigLock lock, KickPolicy kickPolicy, boolean notificationData) {
    /** A transport that offers all it can. */
    public TransportParts(VirtioDevice device, GuestMemory memory, BigLock lock, KickPolicy kickPolicy) {
        this(device, memory, lock, kickPolicy, true);
    }

    /** Features that a transport offers beside those of its device. */
    long features() {
        return VirtioFeatures.VIRTIO_F_RING_RESET | (notificationData ? VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA : 0);
    }
}
