package ringside.emulator.aio;

import ringside.emulator.ffi.Errno;
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
                yield write(op, single.address(), 1, offset);
            }
            case READV -> LibC.preadv2(op.fd, op.address, op.iovCount, offset, op.flags);
            case WRITEV -> write(op, op.address, op.iovCount, offset);
            case FDATASYNC -> LibC.fdatasync(op.fd);
            case FALLOCATE -> LibC.fallocate(op.fd, op.flags, op.offsetBytes, op.lengthBytes);
        };
    }

    /** Where the kernel or a sandbox does not know RWF_DSYNC, a write followed by fdatasync promises the same. */
    private static long write(AioOp op, long iovAddress, int iovCount, long offset) {
        long written = LibC.pwritev2(op.fd, iovAddress, iovCount, offset, op.flags);
        if (written != -Errno.EOPNOTSUPP || op.flags == 0) {
            return written;
        }
        written = LibC.pwritev2(op.fd, iovAddress, iovCount, offset, 0);
        int synced = written > 0 ? LibC.fdatasync(op.fd) : 0;
        return synced < 0 ? synced : written;
    }
}
