package ringside.workloads.conformance.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import ringside.emulator.ffi.LibC;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.vhostuser.VhostUserSocket;

/** Messages to a vhost-user server and its answers; every wait is bounded. One thread. */
public final class VhostUserChannel {
    private static final long REPLY_NS = TimeUnit.SECONDS.toNanos(3);

    private final VhostUserSocket socket;
    private final VhostUserMessage message = new VhostUserMessage();
    private boolean acknowledged;
    private boolean gone;

    private VhostUserChannel(VhostUserSocket socket) {
        this.socket = socket;
    }

    static VhostUserChannel connect(Path path) {
        return new VhostUserChannel(VhostUserSocket.connect(path));
    }

    void acknowledged(boolean on) {
        acknowledged = on;
    }

    /** Begins a request; its payload is zero. */
    public VhostUserMessage begin(VhostUserRequest request, int payloadBytes) {
        return message.request(request, payloadBytes);
    }

    /**
     * Sends a request that has no reply of its own.
     *
     * @throws BenchException when the server refuses it
     */
    public void tell(VhostUserMessage request) {
        int id = request.id();
        if (!tryTell(request)) {
            throw new BenchException("the server refused message " + id + (gone ? " and hung up" : ""));
        }
    }

    /** The same; returns whether the server took it. Without REPLY_ACK only a hang-up shows that it did not. */
    public boolean tryTell(VhostUserMessage request) {
        try {
            if (!acknowledged) {
                socket.send(request);
                return !hungUp();
            }
            int id = request.id();
            socket.send(request.needReply());
            return receive(id, Long.BYTES).u64(0) == 0;
        } catch (PeerException | BenchException e) {
            gone = true;
            return false;
        }
    }

    /** Sends a request and waits for its reply. */
    public VhostUserMessage ask(VhostUserMessage request, int payloadBytes) {
        int id = request.id();
        try {
            socket.send(request);
        } catch (PeerException e) {
            gone = true;
            throw new BenchException("the server hung up before message " + id);
        }
        return receive(id, payloadBytes);
    }

    /** A request without payload whose reply is a number. */
    public long number(VhostUserRequest request) {
        return ask(begin(request, 0), Long.BYTES).u64(0);
    }

    private VhostUserMessage receive(int id, int payloadBytes) {
        boolean here;
        try {
            here = socket.receive(message, REPLY_NS);
        } catch (PeerException e) {
            gone = true;
            throw new BenchException("message " + id + ": " + e.getMessage());
        }
        if (!here) {
            gone = true;
            throw new BenchException("the server hung up instead of answering message " + id);
        }
        if (message.id() != id || !message.isReply() || message.payloadBytes() < payloadBytes) {
            throw new BenchException("message " + id + " was answered by message " + message.id() + " of "
                    + message.payloadBytes() + " bytes");
        }
        return message;
    }

    /** Whether the server ended the connection, or said something that nobody asked for. */
    public boolean hungUp() {
        return gone || LibC.waitReadable(socket.fd(), 0) != 0;
    }

    /** Whether the server ends the connection within a time. */
    public boolean hangsUpWithin(long ms) {
        return gone || LibC.waitReadable(socket.fd(), TimeUnit.MILLISECONDS.toNanos(ms)) != 0;
    }

    void close() {
        gone = true;
        socket.close();
    }
}
