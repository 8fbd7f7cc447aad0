package ringside.emulator.machine;

import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * One virtio-blk disk.
 *
 * @param id name, for example {@code disk0}
 * @param node what stores the data
 * @param queues number of request queues, 1..64 (QEMU: num-queues)
 * @param queueSize entries per queue, 1..32768, of split rings a power of two; direct chains need 3 (QEMU: queue-size,
 *     default 256)
 * @param indirect offer VIRTIO_F_INDIRECT_DESC
 * @param eventIdx offer VIRTIO_F_EVENT_IDX
 * @param configWce offer VIRTIO_BLK_F_CONFIG_WCE (QEMU: config-wce, default on)
 * @param serial at most 20 ASCII bytes, returned by GET_ID
 * @param requestMerging merge adjacent requests of a batch (QEMU: request-merging, there on by default)
 * @param options block sizes, limits, and what is offered beyond reading and writing
 */
public record DiskSpec(
        String id,
        BlockNodeSpec node,
        int queues,
        int queueSize,
        boolean indirect,
        boolean eventIdx,
        boolean configWce,
        String serial,
        boolean requestMerging,
        BlkOptions options) {
    /** A disk without request merging, with default options. */
    public DiskSpec(
            String id,
            BlockNodeSpec node,
            int queues,
            int queueSize,
            boolean indirect,
            boolean eventIdx,
            boolean configWce,
            String serial) {
        this(id, node, queues, queueSize, indirect, eventIdx, configWce, serial, false, BlkOptions.DEFAULT);
    }

    /** Header, data and status of a request that is a chain of ring descriptors. */
    private static final int LEAST_DIRECT = 3;

    public DiskSpec {
        if (queues < 1 || queues > 64) {
            throw new IllegalArgumentException(id + ": num-queues must be 1..64, it is " + queues);
        }
        checkQueueSize(id, queueSize, options.packed(), indirect);
        if (options.segMax() > Math.max(1, queueSize - 2)) {
            throw new IllegalArgumentException(id + ": seg-max=" + options.segMax()
                    + " and two descriptors more do not fit into a queue of " + queueSize + "; use at most "
                    + Math.max(1, queueSize - 2));
        }
        if (serial.length() > 20) {
            throw new IllegalArgumentException(id + ": serial '" + serial + "' is longer than 20 bytes");
        }
    }

    private static void checkQueueSize(String id, int queueSize, boolean packed, boolean indirect) {
        int least = indirect ? 1 : LEAST_DIRECT;
        boolean possible = queueSize >= least
                && VirtqueueConfig.sizeProblem(packed, queueSize).isEmpty();
        if (!possible) {
            throw new IllegalArgumentException("%s: queue-size must be %s in %d..%d%s, it is %d"
                    .formatted(
                            id,
                            packed ? "a number" : "a power of two",
                            least,
                            VirtqueueConfig.MAX_SIZE,
                            indirect ? "" : " with indirect=off",
                            queueSize));
        }
    }

    /** A disk with QEMU's defaults. */
    public static DiskSpec of(String id, BlockNodeSpec node, int queues) {
        return new DiskSpec(id, node, queues, 256, true, true, true, id);
    }

    /** The same disk with other options. */
    public DiskSpec with(BlkOptions changed) {
        return new DiskSpec(
                id, node, queues, queueSize, indirect, eventIdx, configWce, serial, requestMerging, changed);
    }
}
