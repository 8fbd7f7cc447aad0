package ringside.emulator.vhostuser.client;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * How to connect to a server and what to accept of its offer.
 *
 * @param socket path of the server's Unix-domain socket
 * @param queues number of request queues to use, 1..256; the server must offer as many
 * @param queueSize size of each queue, 1..32768; of split rings a power of two
 * @param acceptedFeatures mask of virtio features that the driver may see
 * @param acceptedProtocolFeatures mask of protocol features to use where offered
 * @param connectTimeoutNs how long to wait for a server that does not listen yet; 0 tries once
 * @param replyTimeoutNs how long to wait for each reply
 */
public record FrontEndSpec(
        Path socket,
        int queues,
        int queueSize,
        long acceptedFeatures,
        long acceptedProtocolFeatures,
        long connectTimeoutNs,
        long replyTimeoutNs) {
    /** All that this front-end knows how to use. */
    public static final long PROTOCOL_FEATURES = ProtocolFeatures.MQ
            | ProtocolFeatures.REPLY_ACK
            | ProtocolFeatures.CONFIG
            | ProtocolFeatures.INFLIGHT_SHMFD
            | ProtocolFeatures.RESET_DEVICE
            | ProtocolFeatures.CONFIGURE_MEM_SLOTS;

    private static final int MAX_QUEUES = 256;
    private static final long DEFAULT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    public FrontEndSpec {
        if (queues < 1 || queues > MAX_QUEUES) {
            throw new IllegalArgumentException("queues must be in 1.." + MAX_QUEUES + ", it is " + queues);
        }
        boolean packed = (acceptedFeatures & VirtioFeatures.VIRTIO_F_RING_PACKED) != 0;
        if (VirtqueueConfig.sizeProblem(packed, queueSize).isPresent()) {
            throw new IllegalArgumentException("queue-size must be %s in 1..%d, it is %d"
                    .formatted(packed ? "a number" : "a power of two", VirtqueueConfig.MAX_SIZE, queueSize));
        }
        if (connectTimeoutNs < 0 || replyTimeoutNs <= 0) {
            throw new IllegalArgumentException("the time-outs of a vhost-user connection must be positive");
        }
    }

    /** Features that QEMU's devices leave out by default, too. */
    private static final long ON_DEMAND = VirtioFeatures.VIRTIO_F_RING_PACKED | VirtioFeatures.VIRTIO_F_IN_ORDER;

    /** Everything that is offered but packed rings and buffers in order; ten seconds of patience. */
    public static FrontEndSpec of(Path socket, int queues, int queueSize) {
        return of(socket, queues, queueSize, 0);
    }

    /** The same with some of those features, too: VIRTIO_F_RING_PACKED, VIRTIO_F_IN_ORDER. */
    public static FrontEndSpec of(Path socket, int queues, int queueSize, long onDemand) {
        return new FrontEndSpec(
                socket,
                queues,
                queueSize,
                ~ON_DEMAND | onDemand,
                PROTOCOL_FEATURES,
                DEFAULT_TIMEOUT_NS,
                DEFAULT_TIMEOUT_NS);
    }

    /** The same without some virtio features. */
    public FrontEndSpec withoutFeatures(long features) {
        return new FrontEndSpec(
                socket,
                queues,
                queueSize,
                acceptedFeatures & ~features,
                acceptedProtocolFeatures,
                connectTimeoutNs,
                replyTimeoutNs);
    }

    /** The same without some protocol features. */
    public FrontEndSpec withoutProtocolFeatures(long features) {
        return new FrontEndSpec(
                socket,
                queues,
                queueSize,
                acceptedFeatures,
                acceptedProtocolFeatures & ~features,
                connectTimeoutNs,
                replyTimeoutNs);
    }

    /** The same with other time-outs in nanoseconds. */
    public FrontEndSpec withTimeouts(long newConnectTimeoutNs, long newReplyTimeoutNs) {
        return new FrontEndSpec(
                socket,
                queues,
                queueSize,
                acceptedFeatures,
                acceptedProtocolFeatures,
                newConnectTimeoutNs,
                newReplyTimeoutNs);
    }
}
