package ringside.emulator.device;

import ringside.emulator.virtqueue.RingFeatures;

/** Feature bits that do not belong to one device type (VIRTIO-1.2 §6), as masks. */
public final class VirtioFeatures {
    public static final long VIRTIO_F_INDIRECT_DESC = 1L << 28;
    /** Called VIRTIO_RING_F_EVENT_IDX in Linux. */
    public static final long VIRTIO_F_EVENT_IDX = 1L << 29;

    public static final long VIRTIO_F_VERSION_1 = 1L << 32;

    /** The packed format of virtqueues; without it the split one. */
    public static final long VIRTIO_F_RING_PACKED = 1L << 34;

    /** Buffers are used in the order in which they were made available. */
    public static final long VIRTIO_F_IN_ORDER = 1L << 35;

    /** Kicks carry the position in the ring. */
    public static final long VIRTIO_F_NOTIFICATION_DATA = 1L << 38;

    /** The device says which value names a queue in a kick; virtio-pci only. */
    public static final long VIRTIO_F_NOTIF_CONFIG_DATA = 1L << 39;

    /** Queues can be reset one by one. */
    public static final long VIRTIO_F_RING_RESET = 1L << 40;

    private VirtioFeatures() {}

    /** What a choice of features means to the rings. */
    public static RingFeatures ring(long features) {
        return new RingFeatures(
                (features & VIRTIO_F_RING_PACKED) != 0,
                (features & VIRTIO_F_INDIRECT_DESC) != 0,
                (features & VIRTIO_F_EVENT_IDX) != 0,
                (features & VIRTIO_F_IN_ORDER) != 0);
    }

    /** The features that a ring needs. */
    public static long of(RingFeatures ring) {
        return (ring.packed() ? VIRTIO_F_RING_PACKED : 0)
                | (ring.indirect() ? VIRTIO_F_INDIRECT_DESC : 0)
                | (ring.eventIdx() ? VIRTIO_F_EVENT_IDX : 0)
                | (ring.inOrder() ? VIRTIO_F_IN_ORDER : 0);
    }
}
