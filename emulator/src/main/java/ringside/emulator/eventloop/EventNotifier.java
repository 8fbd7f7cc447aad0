package ringside.emulator.eventloop;

import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;

/** A non-blocking eventfd: a notification that a poll can wait for. Signalling and clearing work from any thread. */
public final class EventNotifier implements AutoCloseable {
    private final int fd;

    public EventNotifier() {
        fd = LibC.eventfd();
        if (fd < 0) {
            throw new NativeException(
                    "eventfd failed with errno %d: raise the limit of open files (ulimit -n)".formatted(-fd), -fd);
        }
    }

    /** The file descriptor to poll. */
    public int fd() {
        return fd;
    }

    /** Makes the descriptor readable. One system call. */
    public void signal() {
        LibC.eventfdSignal(fd);
    }

    /** Makes the descriptor unreadable. One system call. */
    public void clear() {
        LibC.eventfdDrain(fd);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
