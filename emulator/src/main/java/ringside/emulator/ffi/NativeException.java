package ringside.emulator.ffi;

/** A system call failed where the caller has no better answer. The message names the call, the object and the remedy. */
public final class NativeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param message one line: what failed, on what, and what to do
     * @param errno positive errno
     */
    public NativeException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** Positive errno. */
    public int errno() {
        return errno;
    }
}
