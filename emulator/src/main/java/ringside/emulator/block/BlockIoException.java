package ringside.emulator.block;

import ringside.emulator.ffi.Errno;

/** An I/O operation of a {@link BlockFile} failed. The message is one line. */
public final class BlockIoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param errno positive errno; {@code what} names the operation and the place */
    public BlockIoException(int errno, String what) {
        super(what + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** Positive errno. */
    public int errno() {
        return errno;
    }
}
