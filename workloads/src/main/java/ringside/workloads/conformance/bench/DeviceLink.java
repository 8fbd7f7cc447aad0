package ringside.workloads.conformance.bench;

/**
 * A connection to the device under test at the level of the specification. One thread; every call is bounded in time.
 */
public interface DeviceLink extends AutoCloseable {
    TransportKind transport();

    RawRam ram();

    /** Offered virtio features. */
    long offered();

    /**
     * Resets, then writes ACKNOWLEDGE, DRIVER, the features and FEATURES_OK.
     *
     * @return whether the device accepted them
     */
    boolean negotiate(long features);

    /** Programs a queue and makes it ready. */
    void setUpQueue(int queue, QueueLayout layout);

    /** Sets DRIVER_OK; over vhost-user it shares memory and starts the rings. */
    void driverOk();

    /** Available-buffer notification. */
    void kick(int queue);

    /** Used-buffer notifications of a queue since the last call. */
    int takeNotifications(int queue);

    /** A configuration field, little-endian. */
    long config(int offset, int widthBytes);

    void putConfig(int offset, int widthBytes, long value);

    /** Whether the device says that it needs a reset: by its status, or by having ended the connection. */
    boolean broken();

    /** Back to the state before initialisation; over vhost-user a new connection. */
    void reset();

    @Override
    void close();
}
