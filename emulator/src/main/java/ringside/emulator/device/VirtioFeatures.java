package ringside.emulator.device;

/** Feature bits that do not belong to one device type (VIRTIO-1.2 §6), as masks. */
public final class VirtioFeatures {
    public static final long VIRTIO_F_INDIRECT_DESC = 1L << 28;
    /** Called VIRTIO_RING_F_EVENT_IDX in Linux. */
    public static final long VIRTIO_F_EVENT_IDX = 1L << 29;

    public static final long VIRTIO_F_VERSION_1 = 1L << 32;

    /** Kicks carry the position in the ring. */
    public static final long VIRTIO_F_NOTIFICATION_DATA = 1L << 38;

    /** The device says which value names a queue in a kick; virtio-pci only. */
    public static final long VIRTIO_F_NOTIF_CONFIG_DATA = 1L << 39;

    /** Queues can be reset one by one. */
    public static final long VIRTIO_F_RING_RESET = 1L << 40;

    private VirtioFeatures() {}
}
