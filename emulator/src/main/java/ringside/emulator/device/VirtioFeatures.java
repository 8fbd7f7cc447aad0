package ringside.emulator.device;

/** Feature bits that do not belong to one device type (VIRTIO-1.2 §6), as masks. */
public final class VirtioFeatures {
    public static final long VIRTIO_F_INDIRECT_DESC = 1L << 28;
    /** Called VIRTIO_RING_F_EVENT_IDX in Linux. */
    public static final long VIRTIO_F_EVENT_IDX = 1L << 29;

    public static final long VIRTIO_F_VERSION_1 = 1L << 32;

    private VirtioFeatures() {}
}
