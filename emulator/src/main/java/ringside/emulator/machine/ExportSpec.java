package ringside.emulator.machine;

import java.nio.file.Path;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.trace.TraceMode;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * All options of one export.
 *
 * @param socket path of the Unix-domain socket to listen on
 * @param node storage
 * @param id name for messages and counters
 * @param queues number of request queues offered, 1..64
 * @param queueSize largest size of a queue, 1..32768; a power of two where packed rings are not offered
 * @param iothreads number of IOThreads, at least 1; queues are spread over them in turn
 * @param poll adaptive polling of the IOThreads
 * @param trace {@link TraceMode#OFF} or {@link TraceMode#COUNTERS}
 * @param configWce offer VIRTIO_BLK_F_CONFIG_WCE
 * @param options block sizes, limits, and what is offered beyond reading and writing
 * @param serial answer to GET_ID, at most 20 bytes
 * @param requestMerging merge adjacent requests of a batch (QEMU: request-merging)
 * @param protocol how the peer uses it
 */
public record ExportSpec(
        Path socket,
        BlockNodeSpec node,
        String id,
        int queues,
        int queueSize,
        int iothreads,
        PollSpec poll,
        TraceMode trace,
        boolean configWce,
        BlkOptions options,
        String serial,
        boolean requestMerging,
        ExportProtocol protocol) {
    private static final int MAX_QUEUES = 64;
    private static final int MAX_SERIAL_BYTES = 20;

    /** Two descriptors less than the longest chain that is accepted (QEMU: VIRTQUEUE_MAX_SIZE). */
    private static final int MAX_SEG_MAX = 1022;

    /** An export that offers packed rings, without request merging, with default options, with or without DISCARD and WRITE_ZEROES. */
    public ExportSpec(
            Path socket,
            BlockNodeSpec node,
            String id,
            int queues,
            int queueSize,
            int iothreads,
            PollSpec poll,
            TraceMode trace,
            boolean configWce,
            boolean ranges,
            String serial) {
        this(
                socket,
                node,
                id,
                queues,
                queueSize,
                iothreads,
                poll,
                trace,
                configWce,
                (ranges ? BlkOptions.DEFAULT : BlkOptions.DEFAULT.withoutRanges())
                        .change()
                        .packed(true)
                        .build(),
                serial,
                false,
                ExportProtocol.VHOST_USER);
    }

    public ExportSpec {
        if (queues < 1 || queues > MAX_QUEUES) {
            throw new IllegalArgumentException("queues must be in 1.." + MAX_QUEUES + ", it is " + queues);
        }
        if (VirtqueueConfig.sizeProblem(options.packed(), queueSize).isPresent()) {
            throw new IllegalArgumentException("queue-size must be %s in 1..%d, it is %d"
                    .formatted(options.packed() ? "a number" : "a power of two", VirtqueueConfig.MAX_SIZE, queueSize));
        }
        if (options.segMax() > MAX_SEG_MAX) {
            throw new IllegalArgumentException(
                    "seg-max must be at most " + MAX_SEG_MAX + " as in QEMU, it is " + options.segMax());
        }
        if (serial.length() > MAX_SERIAL_BYTES) {
            throw new IllegalArgumentException("serial '" + serial + "' is longer than " + MAX_SERIAL_BYTES + " bytes");
        }
        if (iothreads < 1) {
            throw new IllegalArgumentException("iothreads must be at least 1, it is " + iothreads);
        }
        if (trace == TraceMode.TIMELINE) {
            throw new IllegalArgumentException("an export has no timelines: the requests' stages are known to the"
                    + " front-end only; use trace=counters");
        }
    }
}
