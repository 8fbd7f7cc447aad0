package ringside.emulator.device;

/** How a device notifies its driver. Implemented by the transport; any thread. Does not allocate. */
public interface InterruptLine {
    /** Nobody is told of anything. */
    InterruptLine NONE = new InterruptLine() {
        @Override
        public void used(int queue) {
            // No driver.
        }

        @Override
        public void needsReset(String reason) {
            // No driver.
        }
    };

    /** Used-buffer notification for a queue. */
    void used(int queue);

    /** The device became unusable until reset: sets DEVICE_NEEDS_RESET and sends a configuration notification. */
    void needsReset(String reason);

    /**
     * The configuration space has changed: sends a configuration notification. A transport that has no such notification
     * ignores it.
     */
    default void configChanged() {}

    /** A queue was given up because of this error: no request of it will be answered any more. */
    default void failed(String queue, Throwable cause) {
        needsReset(queue + ": " + cause);
    }
}
