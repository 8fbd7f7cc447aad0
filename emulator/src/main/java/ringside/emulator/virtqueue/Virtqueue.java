package ringside.emulator.virtqueue;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.DirtyLog;

/**
 * Device side of a virtqueue (VIRTIO-1.2 §2.6), whatever the format of its ring. One thread at a time: the loop that owns
 * the queue, or whoever holds the big lock. No method allocates in steady state.
 *
 * <p>A <i>head</i> names a request between {@link #nextHead} and {@link #addUsed}: the index of the first descriptor in a
 * split ring, the buffer id in a packed one. It is always below {@link #size()}.
 */
public sealed interface Virtqueue permits SplitVirtqueue, PackedVirtqueue {
    /** {@link #nextHead()}: nothing is available. */
    int EMPTY = -1;

    /** {@link #nextHead()}: the ring is malformed, see {@link #fault()}. */
    int FAULT = -2;

    /** {@link #logWrites}: the used ring itself is not logged. */
    long NOT_LOGGED = -1;

    /**
     * Goes on where another back-end stopped, instead of at the begin. Before the first request.
     *
     * @param base as {@link #base()}, as the transport was told
     * @param record where to record what is in flight, {@link VirtqueueConfig#inflightBytes} long, or null; what it holds
     *     comes first, and then decides where to go on
     * @return number of requests to be handled again
     * @throws IllegalArgumentException when the record is too small or contradicts itself
     */
    int resume(int base, MemorySegment record);

    /**
     * The queue was stopped for good, and the transport tells the driver's side {@link #base()}: the record of what is in
     * flight no longer decides where to go on.
     */
    void releaseRecord();

    /**
     * Accepts indirect tables that are larger than the ring. VIRTIO-1.2 §2.7.5.3.1 forbids them to the driver, but Linux
     * makes them where seg_max allows. Before the first request.
     *
     * @param entries most entries of a table, not below {@link #size()}
     */
    void acceptTables(int entries);

    /**
     * Where another back-end would go on, as vhost-user has it. Split ring: the next entry of the available ring, 16 bits.
     * Packed ring: offset (15 bits) and wrap counter of the next descriptor to take, and above them those of the next to use.
     */
    int base();

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

    /** Copies the chain of the head just taken. Returns false on a malformed one, see {@link #fault()}. */
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
