package ringside.emulator.virtqueue;

import ringside.emulator.memory.DirtyLog;

/**
 * Device side of a virtqueue (VIRTIO-1.2 §2.6), whatever the format of its ring. One thread at a time: the loop that owns
 * the queue, or whoever holds the big lock. No method allocates in steady state.
 *
 * <p>A <i>head</i> names a request between {@link #nextHead} and {@link #addUsed}: the index of the first descriptor in a
 * split ring, the buffer id in a packed one. It is always below {@link #size()}.
 */
public sealed interface Virtqueue permits SplitVirtqueue {
    /** {@link #nextHead()}: nothing is available. */
    int EMPTY = -1;

    /** {@link #nextHead()}: the ring is malformed, see {@link #fault()}. */
    int FAULT = -2;

    /** {@link #logWrites}: the used ring itself is not logged. */
    long NOT_LOGGED = -1;

    /**
     * Goes on where another back-end stopped, instead of at 0. Before the first request.
     *
     * @param availIndex next entry of the available ring to take, as the transport was told; 16 bits
     * @param log record of what is in flight, or null; what it holds comes first, and then decides the next entry
     * @return number of requests to be handled again
     */
    int resume(int availIndex, InflightLog log);

    /**
     * Accepts indirect tables that are larger than the ring. VIRTIO-1.2 §2.7.5.3.1 forbids them to the driver, but Linux
     * makes them where seg_max allows. Before the first request.
     *
     * @param entries most entries of a table, not below {@link #size()}
     */
    void acceptTables(int entries);

    /** Next entry of the available ring to take: where another back-end would go on. 16 bits. */
    int availIndex();

    /**
     * Begins or ends the logging of writes to guest memory.
     *
     * @param log null for none
     * @param usedGpa address under which the used ring is logged, {@link #NOT_LOGGED} for not at all
     */
    void logWrites(DirtyLog log, long usedGpa);

    /** Logs the device-writable buffers of a request that is about to be returned. */
    void logWritten(DescriptorChain chain);

    /** Number of entries. */
    int size();

    /** Why the ring is malformed, or null. */
    ChainFault fault();

    /**
     * Takes the next head off the available ring.
     *
     * @return a head below {@link #size()}, {@link #EMPTY}, or {@link #FAULT}
     */
    int nextHead();

    /** Copies the chain at a head. Returns false on a malformed one, see {@link #fault()}. */
    boolean readChain(int head, DescriptorChain chain);

    /** Declares the queue malformed for a reason that only its device can see. */
    int fail(ChainFault reason);

    /** Writes a used element; the driver sees it after {@link #publishUsed()}. */
    void addUsed(int head, int lengthBytes);

    /** Makes all added elements visible. May be called often within a batch, so that the driver can overlap. */
    void publishUsed();

    /** Whether anything was published since the last call of {@link #needsNotification()}. */
    boolean hasUnannounced();

    /**
     * Whether the driver asked to be notified of the very next completion. A hint: what it asks for at the same moment
     * may be missed, and {@link #needsNotification()} decides.
     */
    boolean isAwaited();

    /** Whether the driver wants to be notified of what was published since the last call. */
    boolean needsNotification();

    /** Asks the driver not to kick. A hint: kicks may still come. */
    void disableNotification();

    /**
     * Asks the driver to kick again.
     *
     * @return true when something became available meanwhile, so that the caller must look again
     */
    boolean enableNotification();
}
