package ringside.emulator.block;

import ringside.emulator.trace.TimelineTable;

/**
 * A reused request slot between a device and the block layer. The device fills in the public fields and submits; the
 * slot belongs to the block layer until the completion. Buffers are host addresses that the device has checked.
 */
public final class BlockRequest {
    /** Who is told. */
    public final BlockCompletion completion;

    /** What is asked for. */
    public BlockOp op;

    /** First byte on the disk. A multiple of 512. */
    public long offsetBytes;

    /** Bytes of the range; for READ and WRITE the sum of the segments. A multiple of 512. */
    public long lengthBytes;

    /** Changes must be stable before completion (write cache off): of WRITE, WRITE_ZEROES, and of zones. */
    public boolean fua;

    /** WRITE_ZEROES: the range may be deallocated. */
    public boolean mayUnmap;

    /** ZONE_APPEND that succeeded: where the data was written; set by the block layer. */
    public long appendedAtBytes;

    /** Host addresses of the scatter list; entries first .. first + count - 1 are valid. */
    public long[] segmentAddress;

    /** Lengths in bytes of the scatter list. */
    public int[] segmentBytes;

    /** First entry of the scatter list. */
    public int segmentFirst;

    /** Number of entries of the scatter list. */
    public int segmentCount;

    /** Timeline to stamp on, or null when the request is not sampled. */
    public TimelineTable timeline;

    /** Row in {@link #timeline}. */
    public int timelineHead;

    /** State of the layer that this slot was last submitted to, attached on first use and kept with the slot. */
    public Object layerState;

    /** Creates a slot whose completions go to the handler. */
    public BlockRequest(BlockCompletion completion) {
        this.completion = completion;
    }
}
