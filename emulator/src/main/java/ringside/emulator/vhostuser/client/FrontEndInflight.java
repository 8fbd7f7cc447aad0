package ringside.emulator.vhostuser.client;

import ringside.emulator.ffi.LibC;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;

/**
 * The server's record of requests in flight. The server makes it, but it is kept here, where it outlives the server: the
 * next one gets it back and knows which requests its predecessor took and never finished.
 */
final class FrontEndInflight implements AutoCloseable {
    private static final int PAYLOAD_BYTES = 24;

    /** The last six bytes of the structure are padding that some servers do not send. */
    private static final int USED_PAYLOAD_BYTES = 20;

    private final int fd;
    private final long lengthBytes;
    private final long offsetBytes;
    private final int queues;
    private final int queueSize;

    private FrontEndInflight(int fd, long lengthBytes, long offsetBytes, int queues, int queueSize) {
        this.fd = fd;
        this.lengthBytes = lengthBytes;
        this.offsetBytes = offsetBytes;
        this.queues = queues;
        this.queueSize = queueSize;
    }

    /** Has the server make an empty record. */
    static FrontEndInflight create(FrontEndChannel channel, int queues, int queueSize) {
        channel.begin(VhostUserRequest.GET_INFLIGHT_FD, PAYLOAD_BYTES).u32(16, queues | queueSize << 16);
        VhostUserMessage reply = channel.ask(USED_PAYLOAD_BYTES);
        int fd = reply.takeFd(0);
        if (fd == VhostUserMessage.NO_FD) {
            throw channel.broken("answered without a file descriptor");
        }
        reply.closeFds();
        return new FrontEndInflight(fd, reply.u64(0), reply.u64(8), queues, queueSize);
    }

    /** Gives the record to a server. */
    void give(FrontEndChannel channel) {
        channel.begin(VhostUserRequest.SET_INFLIGHT_FD, PAYLOAD_BYTES)
                .u64(0, lengthBytes)
                .u64(8, offsetBytes)
                .u32(16, queues | queueSize << 16)
                .attachFd(fd);
        channel.tell();
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
