package ringside.emulator.virtqueue;

/**
 * The negotiated features that say how a ring is laid out and used.
 *
 * @param packed VIRTIO_F_RING_PACKED: the packed format; otherwise the split one
 * @param indirect VIRTIO_F_INDIRECT_DESC
 * @param eventIdx VIRTIO_F_EVENT_IDX
 * @param inOrder VIRTIO_F_IN_ORDER: the device uses buffers in the order in which they were made available
 */
public record RingFeatures(boolean packed, boolean indirect, boolean eventIdx, boolean inOrder) {
    /** A split ring whose buffers may be used in any order. */
    public static RingFeatures split(boolean indirect, boolean eventIdx) {
        return new RingFeatures(false, indirect, eventIdx, false);
    }

    /** A packed ring whose buffers may be used in any order. */
    public static RingFeatures packed(boolean indirect, boolean eventIdx) {
        return new RingFeatures(true, indirect, eventIdx, false);
    }

    /** The same with buffers used in their order. */
    public RingFeatures withInOrder() {
        return new RingFeatures(packed, indirect, eventIdx, true);
    }
}
