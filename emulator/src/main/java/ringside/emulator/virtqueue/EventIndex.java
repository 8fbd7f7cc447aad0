package ringside.emulator.virtqueue;

/** The crossing rule of VIRTIO_F_EVENT_IDX (VIRTIO-1.2 §2.7.7.2 and §2.7.10). */
public final class EventIndex {
    private EventIndex() {}

    /**
     * Whether a side that moved its index from {@code oldIndex} to {@code newIndex} has passed the event index, all
     * modulo 2^16. Testing for equality with the last entry only would lose notifications of batches.
     */
    public static boolean crossed(int event, int newIndex, int oldIndex) {
        return ((newIndex - event - 1) & 0xffff) < ((newIndex - oldIndex) & 0xffff);
    }
}
