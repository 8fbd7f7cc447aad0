package ringside.emulator.aio;

import ringside.emulator.trace.TimelineTable;

/**
 * A reused operation of an engine: filled in by the block layer, queued by {@link AioEngine#submit}, given back through
 * its {@link CompletionHandler}. Owned by one request slot; never two operations in flight on one object. Fields are
 * plain: the hand-over inside the engine orders them.
 */
public final class AioOp {
    /** Who is told. */
    public final CompletionHandler completion;

    /** What to do. */
    public AioOpcode opcode;

    /** File descriptor. */
    public int fd;

    /** Byte offset in the file. */
    public long offsetBytes;

    /** Host address of the buffer (READ, WRITE) or of the iovec array (READV, WRITEV). */
    public long address;

    /** Bytes of the buffer or of the range. For READV and WRITEV the sum of the iovecs. */
    public long lengthBytes;

    /** Number of iovecs (READV, WRITEV). */
    public int iovCount;

    /** RWF_ flags or the fallocate mode. */
    public int flags;

    /** Bytes transferred, or a negative errno; valid in the completion. */
    public int result;

    /** Timeline to stamp AIO_SUBMIT and AIO_COMPLETE on, or null when the request is not sampled. */
    public TimelineTable timeline;

    /** Row in {@link #timeline}. */
    public int timelineHead;

    /** Owned by the engine while the operation is queued or in flight. */
    AioOp next;

    /** Owned by the engine: slot index in flight. */
    int slot;

    /** Creates an operation whose completions go to the handler. */
    public AioOp(CompletionHandler completion) {
        this.completion = completion;
    }
}
