package ringside.emulator.trace;

/** What the emulator counts. Labels are stable: they are the keys in result files. */
public enum CounterId {
    /** Available-buffer notifications the driver sent. */
    KICKS("kicks"),
    /** Used-buffer notifications the device sent. */
    NOTIFICATIONS("notifications"),
    /** Used-buffer notifications that event suppression saved, counted per batch. */
    NOTIFICATIONS_SUPPRESSED("notifications_suppressed"),
    /** Chains taken off the available ring. */
    REQUESTS("requests"),
    /** Requests completed with VIRTIO_BLK_S_IOERR. */
    REQUESTS_FAILED("requests_failed"),
    /** Requests refused before they reached the block layer: out of range, malformed, unsupported. */
    REQUESTS_INVALID("requests_invalid"),
    /** Passes over the available ring that found at least one chain. */
    QUEUE_BATCHES("queue_batches"),
    /** Iterations of an event loop. */
    LOOP_ITERATIONS("loop_iterations"),
    /** Times a loop blocked in the kernel. */
    LOOP_BLOCKS("loop_blocks"),
    /** Busy-poll phases that found work before the time-out. */
    POLL_HITS("poll_hits"),
    /** Busy-poll phases that ended without work. */
    POLL_MISSES("poll_misses"),
    /** Times a loop stopped polling for a while because it does not pay on the core it has. */
    POLL_SUSPENSIONS("poll_suspensions"),
    /** Nanoseconds in busy-poll phases, up to the last look at the clock: what is found in a few passes counts 0. */
    POLL_NS("poll_ns"),
    /** Nanoseconds blocked in the kernel. */
    BLOCKED_NS("blocked_ns"),
    /** Batches handed to an engine (io_uring_enter calls that submitted, or hand-overs to the pool). */
    AIO_BATCHES("aio_batches"),
    /** Operations handed to an engine. */
    AIO_OPS("aio_ops"),
    /** Requests copied through a bounce buffer because O_DIRECT's alignment demanded it. */
    AIO_BOUNCED("aio_bounced"),
    /** Operations whose buffer lay in memory that the io_uring had registered. */
    AIO_REGISTERED("aio_registered");

    private final String label;

    CounterId(String label) {
        this.label = label;
    }

    /** Key in result files. */
    public String label() {
        return label;
    }
}
