package ringside.emulator.eventloop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Takes over an eventfd that another process sent; closed with this object. */
    public EventNotifier(int eventFd) {
        fd = eventFd;
        // A peer may have left it blocking: clearing one that another thread of the peer cleared must not hang a loop.
        LibC.setNonBlocking(fd);
    }

    /**
     * Whether a descriptor that another process sent is an eventfd. Anything else may stay readable whatever is done about
     * it, and keep a loop from ever sleeping, or may block a write.
     */
    public static boolean isEventFd(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(fd)))
                    .toString()
                    .contains("[eventfd]");
        } catch (IOException | UnsupportedOperationException e) {
            return true; // without /proc nothing can be said against it
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
