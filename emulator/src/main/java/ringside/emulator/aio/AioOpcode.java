package ringside.emulator.aio;

/** What an {@link AioOp} does. */
public enum AioOpcode {
    /** pread into one buffer. */
    READ,
    /** pwrite from one buffer; {@link AioOp#flags} may hold RWF_DSYNC. */
    WRITE,
    /** preadv with an iovec array. */
    READV,
    /** pwritev with an iovec array; {@link AioOp#flags} may hold RWF_DSYNC. */
    WRITEV,
    /** fdatasync. */
    FDATASYNC,
    /** fallocate; {@link AioOp#flags} holds the mode, {@link AioOp#lengthBytes} the range. */
    FALLOCATE
}
