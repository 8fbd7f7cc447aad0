package ringside.emulator.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.CompletionHandler;
import ringside.emulator.aio.IovecArray;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/**
 * The raw driver's part of one request slot: the engine operation, its iovecs, and what to do when the operation ends,
 * because some requests take more than one step.
 */
final class RawRequest implements CompletionHandler {
    /** Zeroes for write-zeroes where the file system cannot do it; page-aligned for O_DIRECT. Never written. */
    private static final MemorySegment ZEROES = Arena.global().allocate(1 << 20, 4096);

    private enum Step {
        /** The operation is the request. */
        LAST,
        /** The operation fills the bounce buffer. */
        BOUNCED_READ,
        /** The operation fills the bounce buffer with the blocks that the request changes in part. */
        MODIFY,
        /** The operation deallocates; not supporting that is success. */
        DISCARD,
        /** The operation zeroes in the file system; if that is not supported, zeroes are written. */
        ZERO_RANGE,
        /** The operation fills the bounce buffer with a block of which a part is to become zeroes. */
        ZERO_PART,
        /** The operation writes a chunk of zeroes. */
        ZERO_CHUNK
    }

    private final BlockRequest request;
    private final RawBackend backend;
    private final AioOp op = new AioOp(this);
    private final IovecArray iovecs = new IovecArray();
    private Step step;
    private MemorySegment bounce = MemorySegment.NULL;
    private int bounceSkip;
    private long zeroed;
    private long chunkBytes;

    /** The blocks that this request changes, while it is known to the serialiser. */
    private long blocksFrom;

    private long blocksTo;
    private boolean partial;
    private boolean serialised;

    RawRequest(BlockRequest request, RawBackend backend) {
        this.request = request;
        this.backend = backend;
        op.fd = backend.node().fd();
    }

    boolean belongsTo(RawBackend candidate) {
        return backend == candidate;
    }

    void begin() {
        serialised = backend.node().serialises() && request.op != BlockOp.READ && request.op != BlockOp.FLUSH;
        if (serialised) {
            DirectIoAlignment alignment = backend.node().alignment();
            blocksFrom = alignment.blockStart(request.offsetBytes);
            blocksTo = alignment.blockEnd(request.offsetBytes + request.lengthBytes);
            partial = !alignment.wholeBlocks(request.offsetBytes, request.lengthBytes);
            if (!backend.node().serialiser().enter(this)) {
                return;
            }
        }
        proceed();
    }

    /** Only changes of parts of blocks need care; two changes of whole blocks may race as on any disk. */
    boolean conflictsWith(RawRequest other) {
        return (partial || other.partial) && blocksFrom < other.blocksTo && other.blocksFrom < blocksTo;
    }

    void resumeOnItsLoop() {
        backend.resume(this);
    }

    /** Nothing stands in the way any more. */
    void proceed() {
        switch (request.op) {
            case READ, WRITE -> transfer();
            case FLUSH -> flush();
            case DISCARD -> discard();
            case WRITE_ZEROES -> writeZeroes();
        }
    }

    private void finish(int error) {
        if (serialised) {
            backend.node().serialiser().leave(this);
        }
        request.completion.completed(request, error);
    }

    private void transfer() {
        step = Step.LAST;
        op.offsetBytes = request.offsetBytes;
        op.lengthBytes = request.lengthBytes;
        op.flags = request.op == BlockOp.WRITE ? stableFlag() : 0;
        if (!backend.node().alignment().fits(request)) {
            transferBounced();
        } else if (request.segmentCount == 1) {
            op.opcode = request.op == BlockOp.READ ? AioOpcode.READ : AioOpcode.WRITE;
            op.address = request.segmentAddress[request.segmentFirst];
            submit();
        } else {
            transferVectored();
        }
    }

    private void transferVectored() {
        op.opcode = request.op == BlockOp.READ ? AioOpcode.READV : AioOpcode.WRITEV;
        iovecs.ensureCapacity(request.segmentCount);
        for (int i = 0; i < request.segmentCount; i++) {
            int segment = request.segmentFirst + i;
            iovecs.set(i, request.segmentAddress[segment], request.segmentBytes[segment]);
        }
        op.address = iovecs.address();
        op.iovCount = request.segmentCount;
        submit();
    }

    /** RWF_DSYNC where the write cache is off: write and data sync in one operation. */
    private int stableFlag() {
        return request.fua && !backend.node().spec().cache().noFlush() ? LibC.RWF_DSYNC : 0;
    }

    /** O_DIRECT with buffers or a range that it does not take: through an aligned copy. */
    private void transferBounced() {
        DirectIoAlignment alignment = backend.node().alignment();
        long start = alignment.blockStart(request.offsetBytes);
        long end = alignment.blockEnd(request.offsetBytes + request.lengthBytes);
        bounceSkip = (int) (request.offsetBytes - start);
        if (!ensureBounce(end - start)) {
            finish(Errno.ENOMEM);
            return;
        }
        backend.engine().countBounce();
        op.offsetBytes = start;
        op.lengthBytes = end - start;
        op.address = bounce.address();
        if (request.op == BlockOp.READ) {
            readIntoBounce(Step.BOUNCED_READ);
        } else if (alignment.wholeBlocks(request.offsetBytes, request.lengthBytes)) {
            writeFromBounce();
        } else {
            readIntoBounce(Step.MODIFY);
        }
    }

    private void readIntoBounce(Step whatFollows) {
        step = whatFollows;
        op.opcode = AioOpcode.READ;
        op.flags = 0;
        submit();
    }

    private void writeFromBounce() {
        BounceCopy.fromSegments(request, bounce, bounceSkip);
        step = Step.LAST;
        op.opcode = AioOpcode.WRITE;
        op.flags = stableFlag();
        submit();
    }

    /** The size is the guest's choice, so it comes out of the node's budget; a buffer stays with its slot. */
    private boolean ensureBounce(long bytes) {
        long missing = bytes - bounce.byteSize();
        if (missing <= 0) {
            return true;
        }
        if (!backend.node().bounceBudget().take(missing)) {
            return false;
        }
        int align = Math.max(4096, backend.node().alignment().memoryBytes());
        bounce = Arena.ofAuto().allocate(bytes, align);
        return true;
    }

    private void flush() {
        if (backend.node().spec().cache().noFlush()) {
            finish(0);
            return;
        }
        submitFlush();
    }

    private void submitFlush() {
        step = Step.LAST;
        op.opcode = AioOpcode.FDATASYNC;
        op.lengthBytes = 0;
        op.flags = 0;
        submit();
    }

    private void discard() {
        if (!backend.node().spec().discardUnmap()) {
            finish(0);
            return;
        }
        step = Step.DISCARD;
        submitFallocate(LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE);
    }

    private void writeZeroes() {
        step = Step.ZERO_RANGE;
        zeroed = 0;
        boolean unmap = request.mayUnmap && backend.node().spec().discardUnmap();
        submitFallocate((unmap ? LibC.FALLOC_FL_PUNCH_HOLE : LibC.FALLOC_FL_ZERO_RANGE) | LibC.FALLOC_FL_KEEP_SIZE);
    }

    private void submitFallocate(int mode) {
        op.opcode = AioOpcode.FALLOCATE;
        op.offsetBytes = request.offsetBytes;
        op.lengthBytes = request.lengthBytes;
        op.flags = mode;
        submit();
    }

    private void submit() {
        op.timeline = request.timeline;
        op.timelineHead = request.timelineHead;
        backend.engine().submit(op);
    }

    @Override
    public void completed(AioOp finished) {
        int error = finished.result < 0 ? -finished.result : 0;
        switch (step) {
            case LAST -> finish(error);
            case BOUNCED_READ -> endBouncedRead(error);
            case MODIFY -> endModify(error);
            case DISCARD -> finish(isUnsupported(error) ? 0 : error);
            case ZERO_RANGE -> endZeroRange(error);
            case ZERO_PART -> endZeroPart(error);
            case ZERO_CHUNK -> endZeroChunk(error);
        }
    }

    private void endBouncedRead(int error) {
        if (error == 0) {
            BounceCopy.toSegments(bounce, bounceSkip, request);
        }
        finish(error);
    }

    private void endModify(int error) {
        if (error == 0) {
            writeFromBounce();
        } else {
            finish(error);
        }
    }

    /** What file systems and devices say that cannot do this kind of fallocate. */
    private static boolean isUnsupported(int error) {
        return error == Errno.EOPNOTSUPP || error == Errno.ENOSYS || error == Errno.ENODEV || error == Errno.ENOTTY;
    }

    /** EINVAL: some refuse ranges that are off their own block size instead of zeroing the parts. */
    private void endZeroRange(int error) {
        if (isUnsupported(error) || error == Errno.EINVAL) {
            submitZeroChunk();
        } else {
            endZeroing(error);
        }
    }

    private void submitZeroChunk() {
        DirectIoAlignment alignment = backend.node().alignment();
        long offset = request.offsetBytes + zeroed;
        long left = request.lengthBytes - zeroed;
        long wholeBlocks = Math.min(ZEROES.byteSize(), alignment.blockStart(left));
        if (wholeBlocks == 0 || alignment.blockStart(offset) != offset) {
            submitZeroPart(offset, left);
            return;
        }
        chunkBytes = wholeBlocks;
        step = Step.ZERO_CHUNK;
        op.opcode = AioOpcode.WRITE;
        op.address = ZEROES.address();
        op.offsetBytes = offset;
        op.lengthBytes = wholeBlocks;
        op.flags = 0;
        submit();
    }

    /** Zeroes up to the end of one block, which is read first. */
    private void submitZeroPart(long offset, long left) {
        DirectIoAlignment alignment = backend.node().alignment();
        op.offsetBytes = alignment.blockStart(offset);
        op.lengthBytes = alignment.offsetBytes();
        bounceSkip = (int) (offset - op.offsetBytes);
        chunkBytes = Math.min(left, op.lengthBytes - bounceSkip);
        if (!ensureBounce(op.lengthBytes)) {
            finish(Errno.ENOMEM);
            return;
        }
        op.address = bounce.address();
        readIntoBounce(Step.ZERO_PART);
    }

    private void endZeroPart(int error) {
        if (error != 0) {
            finish(error);
            return;
        }
        bounce.asSlice(bounceSkip, chunkBytes).fill((byte) 0);
        step = Step.ZERO_CHUNK;
        op.opcode = AioOpcode.WRITE;
        submit();
    }

    private void endZeroChunk(int error) {
        zeroed += chunkBytes;
        if (error == 0 && zeroed < request.lengthBytes) {
            submitZeroChunk();
        } else {
            endZeroing(error);
        }
    }

    /** Zeroes are data: with the write cache off they must be stable, too. */
    private void endZeroing(int error) {
        if (error == 0 && stableFlag() != 0) {
            submitFlush();
        } else {
            finish(error);
        }
    }
}
