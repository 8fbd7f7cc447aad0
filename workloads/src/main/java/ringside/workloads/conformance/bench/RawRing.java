package ringside.workloads.conformance.bench;

import java.util.List;
import java.util.Optional;

/** The driver's side of a virtqueue of either format, just complete enough to say things to a device. One thread. */
public sealed interface RawRing permits SplitRing, PackedRing {
    RingKind kind();

    QueueLayout layout();

    /** Writes a buffer's descriptors into the ring; not available before {@link #publish()}. Returns its id. */
    int add(List<Buffer> buffers);

    /** The same by one descriptor that refers to a table. */
    int addIndirect(List<Buffer> buffers);

    /** Makes available what was added. */
    void publish();

    /** The next used buffer, if there is one. */
    Optional<Used> poll();

    /** Asks for no notifications, or for all (without event index). */
    void suppressNotifications(boolean suppressed);

    /** Asks for a notification at a number of used buffers from now, 1 for the next (with event index). */
    void notifyAfter(int buffers);

    /** Buffers that were used since the ring was made. */
    int usedCount();
}
