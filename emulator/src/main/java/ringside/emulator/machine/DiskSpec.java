package ringside.emulator.machine;

import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkOptions;

/**
 * One virtio-blk disk.
 *
 * @param id name, for example {@code disk0}
 * @param node what stores the data
 * @param queues number of request queues, 1..64 (QEMU: num-queues)
 * @param queueSize entries per queue, a power of two in 4..1024 (QEMU: queue-size, default 256)
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

    public DiskSpec {
        if (queues < 1 || queues > 64) {
            throw new IllegalArgumentException(id + ": num-queues must be 1..64, it is " + queues);
        }
        if (queueSize < 4 || queueSize > 1024 || Integer.bitCount(queueSize) != 1) {
            throw new IllegalArgumentException(
                    id + ": queue-size must be a power of two in 4..1024, it is " + queueSize);
        }
        if (options.segMax() > queueSize - 2) {
            throw new IllegalArgumentException(id + ": seg-max=" + options.segMax()
                    + " and two descriptors more do not fit into a queue of " + queueSize + "; use at most "
                    + (queueSize - 2));
        }
        if (serial.length() > 20) {
            throw new IllegalArgumentException(id + ": serial '" + serial + "' is longer than 20 bytes");
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
