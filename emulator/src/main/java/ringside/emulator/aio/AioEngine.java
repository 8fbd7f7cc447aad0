package ringside.emulator.aio;

import ringside.emulator.eventloop.LoopTask;

/**
 * An asynchronous I/O engine of one loop (QEMU: aio=threads, aio=io_uring). Called in the context of its loop: on the
 * loop's thread, or, for the main loop, by whoever holds the big lock. {@link #doWork()} reaps completions and calls
 * their handlers. Submitting and completing do not allocate.
 */
public interface AioEngine extends LoopTask, AutoCloseable {
    /**
     * Queues an operation. Never fails and never blocks: what exceeds the engine's depth waits inside the engine, in
     * order. The kernel may see it only at {@link #commit()}.
     */
    void submit(AioOp op);

    /** Hands all queued operations to the kernel or the pool in one batch (QEMU: unplug). */
    void commit();

    /** Announces a file that operations will name; what an engine can prepare for it once, it prepares now. */
    default void attachFile(int fd) {}

    /** Takes the announcement back, before the file is closed and with none of its operations in flight. */
    default void detachFile(int fd) {}

    /**
     * Announces the memory in which buffers will lie, in place of what was announced before; with no operation in flight
     * on a buffer in it. An engine may prepare for it, and need not.
     *
     * @param addresses where the ranges begin
     * @param bytes their lengths
     */
    default void offerBuffers(long[] addresses, long[] bytes) {}

    /** Counts an operation that had to be copied through a bounce buffer. */
    void countBounce();

    /** Operations submitted and not yet completed. */
    int inFlight();

    /** Frees the engine; call only with nothing in flight. */
    @Override
    void close();
}
