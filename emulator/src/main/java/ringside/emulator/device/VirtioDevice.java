package ringside.emulator.device;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.virtqueue.Virtqueue;

/**
 * A virtio device as a transport drives it. Control methods are called with the big lock held, as QEMU handles exits;
 * {@link #kick} is the trapped notification of the big-lock arrangement.
 */
public interface VirtioDevice {
    /** Device type number (VIRTIO-1.2 §5). */
    int deviceType();

    /** All offered features. */
    long offeredFeatures();

    /** Whether the driver's choice, a subset of the offer that includes VERSION_1, can be worked with. */
    boolean accepts(long features);

    /** Number of queues. */
    int queueCount();

    /** Largest size of a queue. */
    int queueMaxSize();

    /** One byte of configuration space; 0 beyond the end. */
    int readConfig(int offset);

    /** Writes a configuration field; writes to read-only fields and beyond the end are ignored. */
    void writeConfig(int offset, int widthBytes, long value);

    /** Changes whenever a multi-byte read could otherwise be torn. */
    int configGeneration();

    /** The driver completed negotiation (FEATURES_OK). */
    void negotiated(long features);

    /**
     * The driver is ready: starts processing.
     *
     * @param queues the queues that were made ready; null where a queue was not
     */
    void activate(Virtqueue[] queues, InterruptLine interrupts);

    /**
     * Starts one queue, for transports that start them one by one.
     *
     * @param kick made readable by the driver's kicks; lent until {@link #stopQueue}
     */
    void startQueue(int queue, Virtqueue ring, InterruptLine interrupts, EventNotifier kick);

    /** Stops one queue: takes no more requests, waits for those in flight, publishes them, forgets the ring. */
    void stopQueue(int queue);

    /** Runs a command in the context of a queue, between two requests, and waits for it. */
    void inContext(int queue, Runnable command);

    /** An eventfd kick: the loop of the queue will look at it. Any thread. */
    void signalKick(int queue);

    /** A trapped kick: handles the queue on the calling thread, which holds the big lock. */
    void kick(int queue);

    /** Stops processing, waits for requests in flight, forgets the queues. Afterwards nothing touches guest memory. */
    void reset();
}
