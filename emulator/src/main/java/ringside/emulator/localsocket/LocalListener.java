package ringside.emulator.localsocket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.SocketCalls;

/**
 * A listening socket. The file of a server that was killed is replaced; one on which somebody still listens is refused.
 * {@link #accept()} belongs to one thread, {@link #close()} may come from any and ends a waiting accept.
 */
public final class LocalListener implements AutoCloseable {
    private static final int BACKLOG = 8;
    private static final int EADDRINUSE = 98;
    private static final int ECONNABORTED = 103;

    private final Path path;
    private final int fd;
    private volatile boolean closed;

    private LocalListener(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Binds and listens.
     *
     * @throws IllegalArgumentException when the path is taken or too long
     * @throws NativeException when the host refuses
     */
    public static LocalListener bind(Path path) {
        removeStale(path);
        int fd = SocketCalls.unixStreamSocket();
        int result = fd;
        if (fd >= 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = SocketAddress.of(path, arena);
                result = SocketCalls.bind(fd, name.address(), (int) name.byteSize());
            }
            result = result < 0 ? result : SocketCalls.listen(fd, BACKLOG);
        }
        if (result < 0) {
            if (fd >= 0) {
                LibC.close(fd);
            }
            throw refused(path, -result);
        }
        return new LocalListener(path, fd);
    }

    private static RuntimeException refused(Path path, int errno) {
        return errno == EADDRINUSE
                ? new IllegalArgumentException("socket " + path + " is taken by another program; choose another path")
                : new NativeException(
                        "cannot listen on socket " + path + ": " + Errno.describe(errno)
                                + "; choose a path in a folder that you may write to",
                        errno);
    }

    private static void removeStale(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " exists and is not a socket; choose another path");
        }
        if (isLive(path)) {
            throw new IllegalArgumentException(
                    "a server already listens on " + path + "; stop it or choose another path");
        }
        delete(path);
    }

    private static boolean isLive(Path path) {
        try {
            LocalSocket.connect(path).close();
            return true;
        } catch (NativeException e) {
            return e.errno() == Errno.EAGAIN; // somebody listens, but is busy
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the old socket " + path + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    /**
     * Waits for the next peer; empty once closed.
     *
     * @throws NativeException when the host refuses; the peer still waits, so it may be tried again
     */
    public Optional<LocalSocket> accept() {
        while (!closed) {
            int peer = SocketCalls.accept(fd);
            if (peer >= 0) {
                return Optional.of(new LocalSocket(peer));
            }
            boolean again = peer == -Errno.EINTR || peer == -ECONNABORTED;
            if (!again && !closed) {
                throw new NativeException(
                        "cannot accept a connection on " + path + ": " + Errno.describe(-peer)
                                + "; more descriptors (ulimit -n) or memory are needed",
                        -peer);
            }
        }
        return Optional.empty();
    }

    /** Stops listening and removes the socket's file. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            SocketCalls.shutdown(fd);
            delete(path);
        }
    }

    /** Frees the descriptor once no thread is in {@link #accept()} any more. */
    public void free() {
        LibC.close(fd);
    }
}
