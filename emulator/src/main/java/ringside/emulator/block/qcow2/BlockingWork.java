package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.NativeMemory;

/** A request as a worker does it, with blocking calls. Reused with its request. */
final class BlockingWork {
    private static final System.Logger LOG = System.getLogger(BlockingWork.class.getName());

    private final BlockRequest request;
    private final Qcow2Backend backend;
    private final Qcow2Request owner;
    private final Runnable whole = this::whole;
    private final Runnable flushOnly = this::flushOnly;

    BlockingWork(BlockRequest request, Qcow2Backend backend, Qcow2Request owner) {
        this.request = request;
        this.backend = backend;
        this.owner = owner;
    }

    void begin() {
        backend.work(whole);
    }

    /** Only makes stable what has been written. */
    void beginFlush() {
        backend.help(flushOnly);
    }

    private void whole() {
        end(this::execute);
    }

    private void flushOnly() {
        end(backend.image()::flush);
    }

    private void end(Runnable work) {
        int error = 0;
        try {
            work.run();
        } catch (RuntimeException e) {
            error = errnoOf(e);
        }
        owner.workerError = error;
        backend.resume(owner);
    }

    /** The errno of a failure; what should not have happened is logged. */
    static int errnoOf(RuntimeException e) {
        if (e instanceof BlockIoException io) {
            LOG.log(System.Logger.Level.WARNING, io.getMessage());
            return io.errno();
        }
        LOG.log(System.Logger.Level.ERROR, "qcow2: a request failed unexpectedly", e);
        return Errno.EIO;
    }

    private void execute() {
        execute(request, backend.image(), backend.discards());
    }

    /** Does all of a request with blocking calls. */
    static void execute(BlockRequest request, Qcow2File image, boolean discards) {
        switch (request.op) {
            case READ -> eachSegment(request, request.offsetBytes, image::read);
            case WRITE -> eachSegment(request, request.offsetBytes, image::write);
            case FLUSH -> image.flush();
            case DISCARD -> {
                if (discards) {
                    image.discard(request.offsetBytes, request.lengthBytes);
                }
            }
            default -> image.writeZeroes(request.offsetBytes, request.lengthBytes, request.mayUnmap);
        }
        boolean changes = request.op == BlockOp.WRITE || request.op == BlockOp.WRITE_ZEROES;
        if (changes && request.fua) {
            image.flush();
        }
    }

    /** Moves one segment. */
    interface Transfer {
        void go(long offset, MemorySegment buffer);
    }

    /** Moves all segments of a request from or to consecutive places. */
    static void eachSegment(BlockRequest request, long from, Transfer transfer) {
        long offset = from;
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            transfer.go(offset, NativeMemory.view(request.segmentAddress[i], request.segmentBytes[i]));
            offset += request.segmentBytes[i];
        }
    }
}
