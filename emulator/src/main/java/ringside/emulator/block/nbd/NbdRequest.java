package ringside.emulator.block.nbd;

import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.Errno;

/** The NBD part of one request slot: one command after another until all of the request is done. */
final class NbdRequest implements NbdOp.Ended {
    private static final long MAX_RANGE_BYTES = 1 << 30;

    private final BlockRequest request;
    private final NbdBackend backend;
    private final NbdOp op = new NbdOp(this);
    private final long[] zeroAddress;
    private final int[] zeroBytes;
    private long doneBytes;
    private boolean flushing;
    private int error;

    NbdRequest(BlockRequest request, NbdBackend backend) {
        this.request = request;
        this.backend = backend;
        this.zeroAddress = new long[] {backend.zeroes().address()};
        this.zeroBytes = new int[] {(int) backend.zeroes().byteSize()};
    }

    boolean belongsTo(NbdBackend candidate) {
        return backend == candidate;
    }

    private boolean serverHas(int flag) {
        return backend.client().export().has(flag);
    }

    void begin() {
        doneBytes = 0;
        flushing = false;
        switch (request.op) {
            case READ, WRITE, WRITE_ZEROES -> nextPart();
            case FLUSH -> flushOrEnd();
            case DISCARD -> {
                if (serverHas(Nbd.SEND_TRIM)) {
                    nextPart();
                } else {
                    end(0);
                }
            }
            case SECURE_ERASE, ZONE_APPEND, ZONE_OPEN, ZONE_CLOSE, ZONE_FINISH, ZONE_RESET, ZONE_RESET_ALL ->
                end(Errno.EOPNOTSUPP);
        }
    }

    private void flushOrEnd() {
        if (serverHas(Nbd.SEND_FLUSH)) {
            flushing = true;
            give(Nbd.CMD_FLUSH, 0, 0, 0);
        } else {
            end(0);
        }
    }

    private void nextPart() {
        long left = request.lengthBytes - doneBytes;
        int fua = request.fua && request.op != BlockOp.READ && serverHas(Nbd.SEND_FUA) ? Nbd.CMD_FLAG_FUA : 0;
        int payload = backend.client().export().maxPayloadBytes();
        switch (request.op) {
            case READ -> transfer(Nbd.CMD_READ, 0, Math.min(left, payload));
            case WRITE -> transfer(Nbd.CMD_WRITE, fua, Math.min(left, payload));
            case DISCARD -> give(Nbd.CMD_TRIM, fua, request.offsetBytes + doneBytes, Math.min(left, MAX_RANGE_BYTES));
            default -> zeroes(fua, left);
        }
    }

    private void transfer(short command, int flags, long bytes) {
        op.segmentAddress = request.segmentAddress;
        op.segmentBytes = request.segmentBytes;
        op.segmentFirst = request.segmentFirst;
        op.segmentCount = request.segmentCount;
        op.skipBytes = doneBytes;
        give(command, flags, request.offsetBytes + doneBytes, bytes);
    }

    private void zeroes(int fua, long left) {
        if (serverHas(Nbd.SEND_WRITE_ZEROES)) {
            int flags = fua | (request.mayUnmap ? 0 : Nbd.CMD_FLAG_NO_HOLE);
            give(Nbd.CMD_WRITE_ZEROES, flags, request.offsetBytes + doneBytes, Math.min(left, MAX_RANGE_BYTES));
            return;
        }
        op.segmentAddress = zeroAddress;
        op.segmentBytes = zeroBytes;
        op.segmentFirst = 0;
        op.segmentCount = 1;
        op.skipBytes = 0;
        long most = Math.min(zeroBytes[0], backend.client().export().maxPayloadBytes());
        give(Nbd.CMD_WRITE, fua, request.offsetBytes + doneBytes, Math.min(left, most));
    }

    private void give(short command, int flags, long offsetBytes, long lengthBytes) {
        op.command = command;
        op.flags = (short) flags;
        op.offsetBytes = offsetBytes;
        op.lengthBytes = (int) lengthBytes;
        backend.client().submit(op);
    }

    /** On a thread of the client, or of the loop when there is no server. */
    @Override
    public void ended(NbdOp ended, int outcome) {
        error = outcome;
        backend.handBack(this);
    }

    /** A command has ended; on the loop. */
    void proceed() {
        doneBytes += flushing ? 0 : op.lengthBytes;
        if (error != 0 || flushing) {
            end(error);
        } else if (doneBytes < request.lengthBytes) {
            nextPart();
        } else if (request.fua && request.op != BlockOp.READ && !serverHas(Nbd.SEND_FUA)) {
            flushOrEnd();
        } else {
            end(0);
        }
    }

    private void end(int outcome) {
        request.completion.completed(request, outcome);
    }
}
