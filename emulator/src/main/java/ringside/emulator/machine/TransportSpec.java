package ringside.emulator.machine;

/**
 * How a guest reaches its disks.
 *
 * @param kind the transport
 * @param vectors entries of a PCI function's MSI-X table, 0..2048 (QEMU: vectors): one per queue and one more for the
 *     configuration give every queue its own; fewer are shared; 0 leaves INT#x. {@link #VECTORS_AUTO} is one per queue
 *     and one more
 * @param notificationData offer VIRTIO_F_NOTIFICATION_DATA; QEMU does so for devices with vhost only
 */
public record TransportSpec(Kind kind, int vectors, boolean notificationData) {
    /** As many vectors as a disk can use (QEMU's default). */
    public static final int VECTORS_AUTO = -1;

    /** virtio-mmio. */
    public static final TransportSpec MMIO = new TransportSpec(Kind.MMIO, VECTORS_AUTO, false);

    /** virtio-pci with a vector per queue. */
    public static final TransportSpec PCI = new TransportSpec(Kind.PCI, VECTORS_AUTO, false);

    /** The transports. */
    public enum Kind {
        /** A register window per disk (VIRTIO-1.2 §4.2). */
        MMIO,
        /** A PCI function per disk, found by enumeration (VIRTIO-1.2 §4.1). */
        PCI
    }

    public TransportSpec {
        if (vectors < VECTORS_AUTO || vectors > 2048) {
            throw new IllegalArgumentException("vectors must be auto or 0..2048, it is " + vectors);
        }
    }

    /** Entries of the table of a disk. */
    int vectorsFor(int queues) {
        return vectors == VECTORS_AUTO ? queues + 1 : vectors;
    }
}
