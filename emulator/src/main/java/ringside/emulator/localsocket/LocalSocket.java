package ringside.emulator.localsocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.SocketCalls;

/**
 * One connection: bytes with descriptors. Sending and receiving belong to one thread; {@link #hangUp()}
 * may be called from any and makes a waiting receive end.
 */
public final class LocalSocket implements AutoCloseable {
    /** Waits without limit. */
    public static final long FOREVER = -1;

    /** A peer that began a message must finish it within this time. */
    private static final long REST_OF_MESSAGE_NS = TimeUnit.SECONDS.toNanos(5);

    private static final int ECONNRESET = 104;

    private final int fd;
    private final FdPassing passing = new FdPassing();
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** @param fd a connected stream socket, owned by this object from now on */
    public LocalSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Connects to a listening peer. Neither this nor sending ever blocks.
     *
     * @throws NativeException when nobody listens there, or (EAGAIN) when the peer accepts nobody and its queue is full
     */
    public static LocalSocket connect(Path path) {
        int fd = SocketCalls.unixStreamSocket();
        int result = fd < 0 ? fd : LibC.setNonBlocking(fd);
        if (result >= 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = SocketAddress.of(path, arena);
                result = SocketCalls.connect(fd, name.address(), (int) name.byteSize());
            }
        }
        if (result < 0) {
            if (fd >= 0) {
                LibC.close(fd);
            }
            String remedy = result == -Errno.EAGAIN
                    ? "; the server there has other connections to serve first"
                    : "; is a server listening there?";
            throw new NativeException("cannot connect to " + path + ": " + Errno.describe(-result) + remedy, -result);
        }
        return new LocalSocket(fd);
    }

    /** The descriptor, to be polled for input or hang-up. */
    public int fd() {
        return fd;
    }

    /**
     * Receives bytes and their descriptors.
     *
     * @param timeoutNs how long to wait for the first byte of a message; {@link #FOREVER} waits without limit
     * @return where filling ended: the end, or before it when the peer hung up
     * @throws PeerException when the bytes do not come in time; descriptors that came with the message are closed
     */
    public long fill(FdMessage message, long from, long end, long timeoutNs) {
        long at = from;
        while (at < end) {
            awaitInput(message, at == 0 ? timeoutNs : REST_OF_MESSAGE_NS);
            long got = passing.receive(fd, message, at, end - at);
            if (got == -Errno.EINTR || got == -Errno.EAGAIN) {
                continue;
            }
            if (got == 0 || got == -ECONNRESET || !open.get()) {
                return at;
            }
            if (got < 0) {
                message.closeFds();
                throw new PeerException("cannot receive from the peer: " + Errno.describe((int) -got));
            }
            at += got;
        }
        return at;
    }

    private void awaitInput(FdMessage message, long timeoutNs) {
        int ready;
        do {
            ready = LibC.waitReadable(fd, timeoutNs);
        } while (ready == -Errno.EINTR);
        if (ready == 0) {
            message.closeFds();
            throw new PeerException("the peer sent nothing for " + TimeUnit.NANOSECONDS.toMillis(timeoutNs)
                    + " ms where an answer or" + " the rest of a message was due");
        }
    }

    /**
     * Sends the first bytes of a message with its descriptors.
     *
     * @throws PeerException when the peer hung up
     */
    public void send(FdMessage message, long lengthBytes) {
        long at = 0;
        while (at < lengthBytes) {
            long sent = passing.send(fd, message, at, lengthBytes - at);
            if (sent == -Errno.EINTR) {
                continue;
            }
            if (sent <= 0) {
                throw new PeerException("cannot send to the peer: " + Errno.describe((int) -sent));
            }
            at += sent;
        }
        message.forgetFds();
    }

    /** Ends the connection from any thread: a waiting {@link #receive} returns false. The descriptor stays open. */
    public void hangUp() {
        SocketCalls.shutdown(fd);
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            LibC.close(fd);
        }
    }
}
