package ringside.workloads.target.vhostuser;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How to drive a vhost-user-blk server.
 *
 * @param socket path of the server's Unix-domain socket
 * @param queues number of request queues to use; the server must offer as many
 * @param queueSize size of each queue; of split rings a power of two
 * @param eventIdx use VIRTIO_F_EVENT_IDX where offered
 * @param indirect use VIRTIO_F_INDIRECT_DESC where offered
 * @param packed use VIRTIO_F_RING_PACKED, which the server must offer; without it rings are split
 * @param inOrder use VIRTIO_F_IN_ORDER, which the server must offer
 * @param inflight use the protocol's INFLIGHT_SHMFD where offered; without it no reconnection under load
 * @param memoryBytes guest memory for rings and buffers, rounded up to whole 2 MiB
 * @param hugePages back it with 2 MiB pages
 * @param haltPollNs upper bound of a load thread's polling before it blocks (KVM: halt_poll_ns), 0 for none
 * @param timelineSampleEvery stamp every n-th request; 0 switches timelines off
 * @param timeouts how patient to be
 */
public record VhostUserTargetSpec(
        Path socket,
        int queues,
        int queueSize,
        boolean eventIdx,
        boolean indirect,
        boolean packed,
        boolean inOrder,
        boolean inflight,
        long memoryBytes,
        boolean hugePages,
        long haltPollNs,
        int timelineSampleEvery,
        Timeouts timeouts) {
    private static final int DEFAULT_QUEUE_SIZE = 256;
    private static final long DEFAULT_MEMORY_BYTES = 64L << 20;
    private static final long DEFAULT_HALT_POLL_NS = 200_000;

    /**
     * How long to wait, in nanoseconds.
     *
     * @param connectNs for a server that does not listen yet
     * @param replyNs for each reply of the server
     * @param reconnectNs for the next server when one hangs up under load; 0 makes a hang-up an error
     */
    public record Timeouts(long connectNs, long replyNs, long reconnectNs) {
        /** Ten seconds for a server that starts or answers; a hang-up is an error. */
        public static final Timeouts DEFAULT =
                new Timeouts(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(10), 0);
    }

    /** Split rings used in any order. */
    public VhostUserTargetSpec(
            Path socket,
            int queues,
            int queueSize,
            boolean eventIdx,
            boolean indirect,
            boolean inflight,
            long memoryBytes,
            boolean hugePages,
            long haltPollNs,
            int timelineSampleEvery,
            Timeouts timeouts) {
        this(
                socket,
                queues,
                queueSize,
                eventIdx,
                indirect,
                false,
                false,
                inflight,
                memoryBytes,
                hugePages,
                haltPollNs,
                timelineSampleEvery,
                timeouts);
    }

    public VhostUserTargetSpec {
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException("guest memory must not be empty");
        }
        if (timelineSampleEvery < 0) {
            throw new IllegalArgumentException("timeline sampling interval must be 1 or more, or 0 for none");
        }
    }

    /** 256 entries, split rings used in any order, all other features, 64 MiB, KVM's halt polling, no timelines. */
    public static VhostUserTargetSpec of(Path socket, int queues) {
        return new VhostUserTargetSpec(
                socket,
                queues,
                DEFAULT_QUEUE_SIZE,
                true,
                true,
                false,
                false,
                true,
                DEFAULT_MEMORY_BYTES,
                false,
                DEFAULT_HALT_POLL_NS,
                0,
                Timeouts.DEFAULT);
    }
}
