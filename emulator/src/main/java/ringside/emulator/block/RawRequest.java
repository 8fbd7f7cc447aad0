package ringside.emulator.block;

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
final class RawRequest implements CompletionHandler, WriteSerialiser.Change {
    private final BlockRequest request;
    private final RawBackend backend;
    private final AioOp op = new AioOp(this);
    private final IovecArray iovecs = new IovecArray();
    private final RawStep last = this::finish;
    private final RawStep afterDiscard = error -> finish(isUnsupported(error) ? 0 : error);
    private final RawStep afterErasure = this::afterErasure;
    private final RawStep afterZeroRange = this::afterZeroRange;
    private RawStep step = last;

    /** Made when a request first needs them. */
    private BouncedTransfer bounced;

    private ZeroWriter zeroes;

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

    BlockRequest request() {
        return request;
    }

    DirectIoAlignment alignment() {
        return backend.node().alignment();
    }

    BouncePool bouncePool() {
        return backend.bouncePool();
    }

    void begin() {
        serialised = backend.node().serialises() && request.op != BlockOp.READ && request.op != BlockOp.FLUSH;
        if (serialised) {
            blocksFrom = alignment().blockStart(request.offsetBytes);
            blocksTo = alignment().blockEnd(request.offsetBytes + request.lengthBytes);
            partial = !alignment().wholeBlocks(request.offsetBytes, request.lengthBytes);
            if (!backend.node().serialiser().enter(this)) {
                return;
            }
        }
        proceed();
    }

    @Override
    public long blocksFrom() {
        return blocksFrom;
    }

    @Override
    public long blocksTo() {
        return blocksTo;
    }

    @Override
    public boolean partial() {
        return partial;
    }

    /** It goes on, on its loop. */
    @Override
    public void mayGoOn() {
        backend.resume(this);
    }

    /** Nothing stands in the way any more. */
    void proceed() {
        switch (request.op) {
            case READ, WRITE -> transfer();
            case FLUSH -> flush();
            case DISCARD -> discard();
            case WRITE_ZEROES -> writeZeroes();
            case SECURE_ERASE -> writeZeroesInPlace();
            case ZONE_APPEND, ZONE_OPEN, ZONE_CLOSE, ZONE_FINISH, ZONE_RESET, ZONE_RESET_ALL ->
                finish(Errno.EOPNOTSUPP);
        }
    }

    void finish(int error) {
        if (serialised) {
            backend.node().serialiser().leave(this);
        }
        request.completion.completed(request, error);
    }

    private void transfer() {
        boolean read = request.op == BlockOp.READ;
        int flags = read ? 0 : stableFlag();
        if (!alignment().fits(request)) {
            transferBounced();
        } else if (request.segmentCount == 1) {
            submit(
                    read ? AioOpcode.READ : AioOpcode.WRITE,
                    request.segmentAddress[request.segmentFirst],
                    request.offsetBytes,
                    request.lengthBytes,
                    flags,
                    last);
        } else {
            fillIovecs();
            submit(
                    read ? AioOpcode.READV : AioOpcode.WRITEV,
                    iovecs.address(),
                    request.offsetBytes,
                    request.lengthBytes,
                    flags,
                    last);
        }
    }

    private void fillIovecs() {
        iovecs.ensureCapacity(request.segmentCount);
        for (int i = 0; i < request.segmentCount; i++) {
            int segment = request.segmentFirst + i;
            iovecs.set(i, request.segmentAddress[segment], request.segmentBytes[segment]);
        }
        op.iovCount = request.segmentCount;
    }

    /** RWF_DSYNC where the write cache is off: write and data sync in one operation. */
    int stableFlag() {
        return request.fua && !backend.node().spec().cache().noFlush() ? LibC.RWF_DSYNC : 0;
    }

    private void transferBounced() {
        if (bounced == null) {
            bounced = new BouncedTransfer(this);
        }
        backend.engine().countBounce();
        bounced.begin();
    }

    private void flush() {
        if (backend.node().spec().cache().noFlush()) {
            finish(0);
        } else {
            submitFlush();
        }
    }

    private void submitFlush() {
        submit(AioOpcode.FDATASYNC, 0, 0, 0, 0, last);
    }

    private void discard() {
        if (backend.node().spec().discardUnmap()) {
            submitFallocate(LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE, afterDiscard);
        } else {
            finish(0);
        }
    }

    private void writeZeroes() {
        boolean unmap = request.mayUnmap && backend.node().spec().discardUnmap();
        int mode = unmap ? LibC.FALLOC_FL_PUNCH_HOLE : LibC.FALLOC_FL_ZERO_RANGE;
        submitFallocate(mode | LibC.FALLOC_FL_KEEP_SIZE, afterZeroRange);
    }

    private void afterErasure(int error) {
        if (error == 0) {
            discard();
        } else {
            finish(error);
        }
    }

    private void submitFallocate(int mode, RawStep then) {
        submit(AioOpcode.FALLOCATE, 0, request.offsetBytes, request.lengthBytes, mode, then);
    }

    /** What file systems and devices say that cannot do this kind of fallocate. */
    private static boolean isUnsupported(int error) {
        return error == Errno.EOPNOTSUPP || error == Errno.ENOSYS || error == Errno.ENODEV || error == Errno.ENOTTY;
    }

    /** EINVAL: some refuse ranges that are off their own block size instead of zeroing the parts. */
    private void afterZeroRange(int error) {
        if (!isUnsupported(error) && error != Errno.EINVAL) {
            endZeroing(error);
            return;
        }
        writeZeroesInPlace();
    }

    private void writeZeroesInPlace() {
        if (zeroes == null) {
            zeroes = new ZeroWriter(this);
        }
        zeroes.begin();
    }

    /**
     * Zeroes are data: with the write cache off they must be stable, too. Those of an erasure must in any case, before
     * the blocks may go back to the file system.
     */
    void endZeroing(int error) {
        if (error == 0 && request.op == BlockOp.SECURE_ERASE) {
            submit(AioOpcode.FDATASYNC, 0, 0, 0, 0, afterErasure);
        } else if (error == 0 && stableFlag() != 0) {
            submitFlush();
        } else {
            finish(error);
        }
    }

    /** Hands the slot's operation to the engine. */
    void submit(AioOpcode opcode, long address, long offsetBytes, long lengthBytes, int flags, RawStep then) {
        step = then;
        op.opcode = opcode;
        op.address = address;
        op.offsetBytes = offsetBytes;
        op.lengthBytes = lengthBytes;
        op.flags = flags;
        op.timeline = request.timeline;
        op.timelineHead = request.timelineHead;
        backend.engine().submit(op);
    }

    @Override
    public void completed(AioOp finished) {
        step.ended(finished.result < 0 ? -finished.result : 0);
    }
}
