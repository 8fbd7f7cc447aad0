package ringside.emulator.vhostuser;

import java.nio.file.Path;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.localsocket.PeerException;

/**
 * One connection: whole messages with their descriptors. Sending and receiving belong to one thread; {@link #hangUp()}
 * may be called from any and makes a waiting receive end.
 */
public final class VhostUserSocket implements AutoCloseable {
    /** Waits without limit. */
    public static final long FOREVER = LocalSocket.FOREVER;

    private final LocalSocket socket;

    /** @param socket a connection, owned by this object from now on */
    public VhostUserSocket(LocalSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects to a listening peer. Neither this nor sending ever blocks.
     *
     * @throws ringside.emulator.ffi.NativeException when nobody listens there, or (EAGAIN) when the peer accepts nobody
     *     and its queue is full
     */
    public static VhostUserSocket connect(Path path) {
        return new VhostUserSocket(LocalSocket.connect(path));
    }

    /** The descriptor, to be polled for input or hang-up. */
    public int fd() {
        return socket.fd();
    }

    /**
     * Receives one message.
     *
     * @param timeoutNs how long to wait for its begin; {@link #FOREVER} waits without limit
     * @return false when the peer hung up between messages
     * @throws PeerException when the message is too long, breaks off, or does not come in time
     */
    public boolean receive(VhostUserMessage message, long timeoutNs) {
        message.beginReceive();
        long got = socket.fill(message, 0, VhostUserMessage.HEADER_BYTES, timeoutNs);
        if (got == 0) {
            return false;
        }
        long payload = message.payloadBytes();
        if (got < VhostUserMessage.HEADER_BYTES) {
            message.closeFds();
            throw new PeerException("the peer hung up in the middle of a message header");
        }
        if (payload > VhostUserMessage.MAX_PAYLOAD_BYTES) {
            message.closeFds();
            throw new PeerException("message " + message.id() + " announces a payload of " + payload
                    + " bytes, more than any message has");
        }
        long end = VhostUserMessage.HEADER_BYTES + payload;
        if (socket.fill(message, VhostUserMessage.HEADER_BYTES, end, timeoutNs) < end) {
            message.closeFds();
            throw new PeerException("the peer hung up in the middle of message " + message.id());
        }
        return true;
    }

    /**
     * Sends one message with its attached descriptors.
     *
     * @throws PeerException when the peer hung up
     */
    public void send(VhostUserMessage message) {
        socket.send(message, VhostUserMessage.HEADER_BYTES + message.payloadBytes());
    }

    /** Ends the connection from any thread: a waiting {@link #receive} returns false. The descriptor stays open. */
    public void hangUp() {
        socket.hangUp();
    }

    @Override
    public void close() {
        socket.close();
    }
}
