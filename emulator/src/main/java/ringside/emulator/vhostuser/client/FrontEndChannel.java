package ringside.emulator.vhostuser.client;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * Requests and their answers on one connection; every wait is bounded, and every error names the request. After an error
 * the connection is out of step and counts as {@link #lost()}. One thread at a time.
 */
final class FrontEndChannel implements AutoCloseable {
    private static final long CONNECT_RETRY_NS = 5_000_000L;
    private static final int ECONNREFUSED = 111;
    private static final int U64_BYTES = 8;

    private final Path path;
    private final VhostUserSocket socket;
    private final long replyTimeoutNs;
    private final VhostUserMessage message = new VhostUserMessage();
    private VhostUserRequest request;
    private boolean acknowledged;
    private boolean hungUp;
    private boolean outOfStep;

    FrontEndChannel(Path path, VhostUserSocket socket, long replyTimeoutNs) {
        this.path = path;
        this.socket = socket;
        this.replyTimeoutNs = replyTimeoutNs;
    }

    /**
     * Connects, waiting for a server that is just starting.
     *
     * @throws NativeException when nobody listens there at the end of the time
     */
    static FrontEndChannel connect(FrontEndSpec spec, long timeoutNs) {
        long start = System.nanoTime();
        while (true) {
            try {
                return new FrontEndChannel(
                        spec.socket(), VhostUserSocket.connect(spec.socket()), spec.replyTimeoutNs());
            } catch (NativeException e) {
                boolean mayComeYet =
                        e.errno() == Errno.ENOENT || e.errno() == ECONNREFUSED || e.errno() == Errno.EAGAIN;
                if (!mayComeYet || System.nanoTime() - start >= timeoutNs) {
                    throw e;
                }
                LockSupport.parkNanos(CONNECT_RETRY_NS);
            }
        }
    }

    /** From now on {@link #tell()} waits for the acknowledgement of each request (REPLY_ACK). */
    void acknowledged() {
        acknowledged = true;
    }

    /** Begins a request; its payload is zero. */
    VhostUserMessage begin(VhostUserRequest next, int payloadBytes) {
        request = next;
        return message.request(next, payloadBytes);
    }

    /**
     * Sends the request that was begun, one that has no reply of its own.
     *
     * @throws PeerException when the server refuses it or is gone
     */
    void tell() {
        if (!acknowledged) {
            send();
            return;
        }
        message.needReply();
        send();
        receive(U64_BYTES);
        long error = message.u64(0);
        if (error != 0) {
            throw failed("refused it (error " + error + "); its own log may say why");
        }
    }

    /**
     * Sends the request that was begun and waits for its reply.
     *
     * @param payloadBytes size that the reply has at least
     * @return the reply, valid until the next request; its descriptors are the caller's to take
     * @throws PeerException when the server is gone, late or wrong
     */
    VhostUserMessage ask(int payloadBytes) {
        send();
        receive(payloadBytes);
        return message;
    }

    /** A request without payload whose reply is a number. */
    long askNumber(VhostUserRequest next) {
        begin(next, 0);
        return ask(U64_BYTES).u64(0);
    }

    /** Returns when the server has handled everything sent so far. */
    void barrier() {
        if (!acknowledged) {
            askNumber(VhostUserRequest.GET_FEATURES);
        }
    }

    private void send() {
        try {
            socket.send(message);
        } catch (PeerException e) {
            hungUp = true;
            throw failed("hung up (" + e.getMessage() + ")");
        }
    }

    private void receive(int payloadBytes) {
        boolean here;
        try {
            here = socket.receive(message, replyTimeoutNs);
        } catch (PeerException e) {
            outOfStep = true;
            throw failed(e.getMessage());
        }
        if (!here) {
            hungUp = true;
            throw failed("hung up instead of answering");
        }
        if (message.id() != request.id() || !message.isReply() || !message.rightVersion()) {
            throw broken("answered with message " + message.id() + " which is no reply to it");
        }
        if (message.payloadBytes() < payloadBytes) {
            throw broken("answered with " + message.payloadBytes() + " bytes instead of " + payloadBytes);
        }
        if (request != VhostUserRequest.GET_INFLIGHT_FD) {
            message.closeFds(); // of a server that sends what nobody asked for
        }
    }

    /** The connection cannot be used any more, because nobody knows which answer comes next. */
    PeerException broken(String what) {
        outOfStep = true;
        message.closeFds();
        return failed(what);
    }

    private PeerException failed(String what) {
        return new PeerException("vhost-user server on " + path + ", " + request + ": " + what);
    }

    /** Whether the peer hung up, or said something that nobody asked for. Between requests only. */
    boolean lost() {
        return hungUp || outOfStep || LibC.waitReadable(socket.fd(), 0) > 0;
    }

    /** Whether the peer itself closed the connection: it is dead, and touches nothing any more. */
    boolean hungUp() {
        return hungUp;
    }

    @Override
    public void close() {
        outOfStep = true;
        socket.close();
    }
}
