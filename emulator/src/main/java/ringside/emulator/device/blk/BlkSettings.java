package ringside.emulator.device.blk;

import ringside.emulator.virtqueue.RingFeatures;

/**
 * The fixed properties of a disk.
 *
 * @param id name for messages
 * @param queues number of request queues
 * @param queueSize largest size of a queue
 * @param segMax most data segments of a request, the configuration's seg_max; a chain has two descriptors more
 * @param indirect offer VIRTIO_F_INDIRECT_DESC
 * @param eventIdx offer VIRTIO_F_EVENT_IDX
 * @param configWce offer VIRTIO_BLK_F_CONFIG_WCE
 * @param serial answer to GET_ID
 * @param options what else is offered; its segMax is the wish that {@link #segMax} was made from
 */
public record BlkSettings(
        String id,
        int queues,
        int queueSize,
        int segMax,
        boolean indirect,
        boolean eventIdx,
        boolean configWce,
        String serial,
        BlkOptions options) {
    /** With default options, with or without DISCARD and WRITE_ZEROES. */
    public BlkSettings(
            String id,
            int queues,
            int queueSize,
            int segMax,
            boolean indirect,
            boolean eventIdx,
            boolean configWce,
            boolean ranges,
            String serial) {
        this(
                id,
                queues,
                queueSize,
                segMax,
                indirect,
                eventIdx,
                configWce,
                serial,
                ranges ? BlkOptions.DEFAULT : BlkOptions.DEFAULT.withoutRanges());
    }

    /** What is offered about rings. */
    RingFeatures rings() {
        return new RingFeatures(options.packed(), indirect, eventIdx, options.inOrder());
    }
}
