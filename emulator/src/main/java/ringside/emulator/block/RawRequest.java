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
        /** The operation deallocates; not supporting that is success. */
        DISCARD,
        /** The operation zeroes in the file system; if that is not supported, zeroes are written. */
        ZERO_RANGE,
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

    RawRequest(BlockRequest request, RawBackend backend) {
        this.request = request;
        this.backend = backend;
        op.fd = backend.node().fd();
    }

    boolean belongsTo(RawBackend candidate) {
        return backend == candidate;
    }

    void transfer() {
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
        int align = backend.node().alignment().offsetBytes();
        long start = request.offsetBytes / align * align;
        long end = (request.offsetBytes + request.lengthBytes + align - 1) / align * align;
        bounceSkip = (int) (request.offsetBytes - start);
        boolean wholeBlocks = bounceSkip == 0 && end == request.offsetBytes + request.lengthBytes;
        if (request.op == BlockOp.WRITE && !wholeBlocks) {
            // The disk reports this block size to the guest; writing less would need a read-modify-write.
            request.completion.completed(request, Errno.EINVAL);
            return;
        }
        ensureBounce(end - start);
        backend.engine().countBounce();
        op.offsetBytes = start;
        op.lengthBytes = end - start;
        op.address = bounce.address();
        if (request.op == BlockOp.READ) {
            step = Step.BOUNCED_READ;
            op.opcode = AioOpcode.READ;
        } else {
            BounceCopy.fromSegments(request, bounce);
            op.opcode = AioOpcode.WRITE;
        }
        submit();
    }

    private void ensureBounce(long bytes) {
        if (bounce.byteSize() < bytes) {
            int align = Math.max(4096, backend.node().alignment().memoryBytes());
            bounce = Arena.ofAuto().allocate(bytes, align);
        }
    }

    void flush() {
        if (backend.node().spec().cache().noFlush()) {
            request.completion.completed(request, 0);
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

    void discard() {
        if (!backend.node().spec().discardUnmap()) {
            request.completion.completed(request, 0);
            return;
        }
        step = Step.DISCARD;
        submitFallocate(LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE);
    }

    void writeZeroes() {
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
            case LAST -> request.completion.completed(request, error);
            case BOUNCED_READ -> endBouncedRead(error);
            case DISCARD -> request.completion.completed(request, error == Errno.EOPNOTSUPP ? 0 : error);
            case ZERO_RANGE -> endZeroRange(error);
            case ZERO_CHUNK -> endZeroChunk(error);
        }
    }

    private void endBouncedRead(int error) {
        if (error == 0) {
            BounceCopy.toSegments(bounce, bounceSkip, request);
        }
        request.completion.completed(request, error);
    }

    private void endZeroRange(int error) {
        if (error == Errno.EOPNOTSUPP) {
            submitZeroChunk();
        } else {
            endZeroing(error);
        }
    }

    private void submitZeroChunk() {
        step = Step.ZERO_CHUNK;
        op.opcode = AioOpcode.WRITE;
        op.address = ZEROES.address();
        op.offsetBytes = request.offsetBytes + zeroed;
        op.lengthBytes = Math.min(ZEROES.byteSize(), request.lengthBytes - zeroed);
        op.flags = 0;
        submit();
    }

    private void endZeroChunk(int error) {
        zeroed += op.lengthBytes;
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
            request.completion.completed(request, error);
        }
    }
}
