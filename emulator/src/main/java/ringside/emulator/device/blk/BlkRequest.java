package ringside.emulator.device.blk;

import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.virtqueue.DescriptorChain;

/**
 * The slot of one descriptor head: chain, parsed frame and block request. Made on first use of the head, then reused.
 */
final class BlkRequest implements BlockCompletion {
    final int head;
    final DescriptorChain chain = new DescriptorChain();
    final BlockRequest block = new BlockRequest(this);
    private final BlkQueue queue;

    /** The request is between pop and used. A head that is published again meanwhile breaks the device. */
    boolean pending;

    int type;
    long sector;

    /** Offset of the status byte in guest memory. */
    long statusOffset;

    /** Bytes of device-writable data, without the status byte. */
    long dataInBytes;

    /** First data segment in the chain, and number of them. */
    int dataFirst;

    int dataCount;

    /** Bytes of device-readable data, without the header. */
    long dataOutBytes;

    private RangeList ranges;

    BlkRequest(int head, BlkQueue queue) {
        this.head = head;
        this.queue = queue;
    }

    /** The ranges of a DISCARD, WRITE_ZEROES or SECURE_ERASE. Made on first use. */
    RangeList ranges() {
        if (ranges == null) {
            ranges = new RangeList();
        }
        return ranges;
    }

    @Override
    public void completed(BlockRequest request, int error) {
        queue.blockCompleted(this, error);
    }
}
