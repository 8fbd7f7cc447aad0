package ringside.emulator.device.blk;

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
 * @param discard offer DISCARD and WRITE_ZEROES
 * @param serial answer to GET_ID
 */
public record BlkSettings(
        String id,
        int queues,
        int queueSize,
        int segMax,
        boolean indirect,
        boolean eventIdx,
        boolean configWce,
        boolean discard,
        String serial) {}
