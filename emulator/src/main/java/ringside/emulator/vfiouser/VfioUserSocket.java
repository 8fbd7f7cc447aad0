package ringside.emulator.vfiouser;

import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.localsocket.PeerException;

/** One connection: whole messages with their descriptors. One thread. */
final class VfioUserSocket implements AutoCloseable {
    private final LocalSocket socket;

    /** @param socket owned by this object from now on */
    VfioUserSocket(LocalSocket socket) {
        this.socket = socket;
    }

    /**
     * Receives one message.
     *
     * @return false when the peer hung up between messages
     * @throws PeerException when the message has an impossible size or breaks off
     */
    boolean receive(VfioUserMessage message, long timeoutNs) {
        message.beginReceive();
        long got = socket.fill(message, 0, VfioUserMessage.HEADER_BYTES, timeoutNs);
        if (got == 0) {
            return false;
        }
        if (got < VfioUserMessage.HEADER_BYTES) {
            throw broken(message, "the client hung up in the middle of a message header");
        }
        long end = message.sizeBytes();
        if (end < VfioUserMessage.HEADER_BYTES
                || end > VfioUserMessage.HEADER_BYTES + VfioUserMessage.MAX_PAYLOAD_BYTES) {
            throw broken(
                    message, "message " + message.commandId() + " announces " + end + " bytes, which no message has");
        }
        if (socket.fill(message, VfioUserMessage.HEADER_BYTES, end, timeoutNs) < end) {
            throw broken(message, "the client hung up in the middle of message " + message.commandId());
        }
        return true;
    }

    private static PeerException broken(VfioUserMessage message, String what) {
        message.closeFds();
        return new PeerException(what);
    }

    /**
     * Sends one message with its descriptors.
     *
     * @throws PeerException when the peer hung up
     */
    void send(VfioUserMessage message) {
        socket.send(message, message.sizeBytes());
    }

    @Override
    public void close() {
        socket.close();
    }
}
