package ringside.emulator.block;

import java.lang.foreign.MemorySegment;
import ringside.emulator.aio.AioOpcode;

/**
 * A read or write that O_DIRECT does not take as it is: through an aligned buffer, a buffer's worth at a time. A write that
 * changes a block in part reads it first. One per slot; its buffer is borrowed for the time of one request.
 */
final class BouncedTransfer implements BouncePool.Borrower {
    private final RawRequest owner;
    private final RawStep afterRead = this::afterRead;
    private final RawStep afterModify = this::afterModify;
    private final RawStep afterWrite = this::next;
    private MemorySegment buffer;
    private long done;

    /** The part at hand: its blocks on the disk, and how many bytes of the request lie in them. */
    private long blocksFrom;

    private long blocksTo;
    private long bytes;

    BouncedTransfer(RawRequest owner) {
        this.owner = owner;
    }

    void begin() {
        done = 0;
        bytes = 0;
        owner.bouncePool().borrow(this);
    }

    @Override
    public void granted(MemorySegment borrowed) {
        buffer = borrowed;
        next(0);
    }

    private void next(int error) {
        BlockRequest request = owner.request();
        done += bytes;
        if (error != 0 || done == request.lengthBytes) {
            giveBack();
            owner.finish(error);
            return;
        }
        DirectIoAlignment alignment = owner.alignment();
        long offset = request.offsetBytes + done;
        blocksFrom = alignment.blockStart(offset);
        long last = Math.min(request.offsetBytes + request.lengthBytes, blocksFrom + BouncePool.BUFFER_BYTES);
        blocksTo = alignment.blockEnd(last);
        bytes = last - offset;
        if (request.op == BlockOp.READ) {
            submit(AioOpcode.READ, 0, afterRead);
        } else if (offset == blocksFrom && last == blocksTo) {
            write();
        } else {
            submit(AioOpcode.READ, 0, afterModify);
        }
    }

    private void giveBack() {
        MemorySegment returned = buffer;
        buffer = null;
        bytes = 0;
        owner.bouncePool().giveBack(returned);
    }

    private long skip() {
        return owner.request().offsetBytes + done - blocksFrom;
    }

    private void afterRead(int error) {
        if (error == 0) {
            BounceCopy.toSegments(buffer, skip(), owner.request(), done, bytes);
        }
        next(error);
    }

    private void afterModify(int error) {
        if (error == 0) {
            write();
        } else {
            next(error);
        }
    }

    private void write() {
        BounceCopy.fromSegments(owner.request(), done, bytes, buffer, skip());
        submit(AioOpcode.WRITE, owner.stableFlag(), afterWrite);
    }

    private void submit(AioOpcode opcode, int flags, RawStep then) {
        owner.submit(opcode, buffer.address(), blocksFrom, blocksTo - blocksFrom, flags, then);
    }
}
