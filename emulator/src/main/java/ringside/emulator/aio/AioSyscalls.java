package ringside.emulator.aio;

import ringside.emulator.ffi.LibC;

/** Executes operations with blocking system calls, to the end. One per worker; does not allocate per operation. */
final class AioSyscalls {
    private final IovecArray single = new IovecArray();

    void execute(AioOp op) {
        while (!op.absorb(call(op))) {
            // short transfer or interrupted: go on with the rest
        }
    }

    private long call(AioOp op) {
        long offset = op.offsetBytes + op.doneBytes();
        return switch (op.opcode) {
            case READ -> {
                single.set(0, op.address + op.doneBytes(), op.remainingBytes());
                yield LibC.preadv2(op.fd, single.address(), 1, offset, op.flags);
            }
            case WRITE -> {
                single.set(0, op.address + op.doneBytes(), op.remainingBytes());
                yield LibC.pwritev2(op.fd, single.address(), 1, offset, op.flags);
            }
            case READV -> LibC.preadv2(op.fd, op.address, op.iovCount, offset, op.flags);
            case WRITEV -> LibC.pwritev2(op.fd, op.address, op.iovCount, offset, op.flags);
            case FDATASYNC -> LibC.fdatasync(op.fd);
            case FALLOCATE -> LibC.fallocate(op.fd, op.flags, op.offsetBytes, op.lengthBytes);
        };
    }
}
