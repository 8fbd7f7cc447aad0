package ringside.emulator.aio;

import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.NativeMemory;
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

    /** Bytes transferred (Integer.MAX_VALUE also for more), or a negative errno; valid in the completion. */
    public int result;

    /** Timeline to stamp AIO_SUBMIT and AIO_COMPLETE on, or null when the request is not sampled. */
    public TimelineTable timeline;

    /** Row in {@link #timeline}. */
    public int timelineHead;

    /** Owned by the engine while the operation is queued. */
    AioOp next;

    /** Owned by the engine: bytes that earlier, short transfers of this operation have done. */
    long doneBytes;

    /** Creates an operation whose completions go to the handler. */
    public AioOp(CompletionHandler completion) {
        this.completion = completion;
    }

    /** The operation whose place in a queue follows; for engines. */
    public AioOp next() {
        return next;
    }

    /** Links operations into an engine's queue; for engines. */
    public void next(AioOp following) {
        next = following;
    }

    /** Begins the operation anew; for engines, at submission. */
    public void begin() {
        next = null;
        doneBytes = 0;
    }

    /** Bytes still to transfer; for engines. */
    public long remainingBytes() {
        return lengthBytes - doneBytes;
    }

    /** Bytes transferred so far; for engines. */
    public long doneBytes() {
        return doneBytes;
    }

    /** Whether this operation moves data and may therefore end short. */
    private boolean transfers() {
        return opcode != AioOpcode.FDATASYNC && opcode != AioOpcode.FALLOCATE;
    }

    private boolean reads() {
        return opcode == AioOpcode.READ || opcode == AioOpcode.READV;
    }

    private boolean vectored() {
        return opcode == AioOpcode.READV || opcode == AioOpcode.WRITEV;
    }

    /**
     * Takes in one result of the kernel; for engines. A read that ends at the end of the file is completed with zeroes,
     * as QEMU does for images that are shorter than a whole block. With O_DIRECT the rest of such a read begins off the
     * alignment, and the kernel says EINVAL instead of 0.
     *
     * @return true when the operation is complete and {@link #result} is set; false when the rest must be submitted
     */
    public boolean absorb(long kernelResult) {
        if (kernelResult == -Errno.EINTR || kernelResult == -Errno.EAGAIN) {
            return false;
        }
        if (kernelResult == -Errno.EINVAL && doneBytes > 0 && reads()) {
            return endsEarly();
        }
        if (kernelResult < 0 || !transfers()) {
            result = (int) kernelResult;
            return true;
        }
        doneBytes += kernelResult;
        if (remainingBytes() > 0 && kernelResult > 0) {
            if (vectored()) {
                IovecArray.advance(address, iovCount, kernelResult);
            }
            return false;
        }
        if (remainingBytes() > 0) {
            return endsEarly();
        }
        return succeed();
    }

    private boolean succeed() {
        result = (int) Math.min(lengthBytes, Integer.MAX_VALUE);
        return true;
    }

    private boolean endsEarly() {
        if (!reads()) {
            result = -Errno.ENOSPC; // a write of nothing makes no progress
            return true;
        }
        if (vectored()) {
            IovecArray.zero(address, iovCount);
        } else {
            NativeMemory.view(address + doneBytes, remainingBytes()).fill((byte) 0);
        }
        return succeed();
    }
}
