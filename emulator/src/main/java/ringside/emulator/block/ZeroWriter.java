package ringside.emulator.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.aio.AioOpcode;

/**
 * Writes zeroes where the file system cannot zero a range by itself: whole blocks from a constant page, parts of a block
 * after reading it. One per slot.
 */
final class ZeroWriter implements BouncePool.Borrower {
    /** Page-aligned for O_DIRECT. Never written. */
    private static final MemorySegment ZEROES = Arena.global().allocate(1 << 20, 4096);

    private final RawRequest owner;
    private final RawStep afterWhole = this::next;
    private final RawStep afterPartRead = this::afterPartRead;
    private final RawStep afterPartWrite = this::afterPartWrite;
    private MemorySegment buffer;
    private long done;
    private long bytes;
    private long skip;

    ZeroWriter(RawRequest owner) {
        this.owner = owner;
    }

    void begin() {
        done = 0;
        bytes = 0;
        next(0);
    }

    private void next(int error) {
        BlockRequest request = owner.request();
        done += bytes;
        if (error != 0 || done == request.lengthBytes) {
            owner.endZeroing(error);
            return;
        }
        DirectIoAlignment alignment = owner.alignment();
        long offset = request.offsetBytes + done;
        long left = request.lengthBytes - done;
        long wholeBlocks = Math.min(ZEROES.byteSize(), alignment.blockStart(left));
        if (wholeBlocks == 0 || alignment.blockStart(offset) != offset) {
            skip = offset - alignment.blockStart(offset);
            bytes = Math.min(left, alignment.offsetBytes() - skip);
            owner.bouncePool().borrow(this);
        } else {
            bytes = wholeBlocks;
            owner.submit(AioOpcode.WRITE, ZEROES.address(), offset, wholeBlocks, 0, afterWhole);
        }
    }

    @Override
    public void granted(MemorySegment borrowed) {
        buffer = borrowed;
        submitPart(AioOpcode.READ, afterPartRead);
    }

    private void submitPart(AioOpcode opcode, RawStep then) {
        long block = owner.request().offsetBytes + done - skip;
        owner.submit(opcode, buffer.address(), block, owner.alignment().offsetBytes(), 0, then);
    }

    private void afterPartRead(int error) {
        if (error == 0) {
            buffer.asSlice(skip, bytes).fill((byte) 0);
            submitPart(AioOpcode.WRITE, afterPartWrite);
        } else {
            afterPartWrite(error);
        }
    }

    private void afterPartWrite(int error) {
        MemorySegment returned = buffer;
        buffer = null;
        owner.bouncePool().giveBack(returned);
        next(error);
    }
}
