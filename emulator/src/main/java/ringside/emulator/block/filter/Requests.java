package ringside.emulator.block.filter;

import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;

/** Helpers on requests. */
final class Requests {
    private Requests() {}

    /** Makes one request ask for the same as another, with the same buffers. */
    static void copy(BlockRequest from, BlockRequest to) {
        to.op = from.op;
        to.offsetBytes = from.offsetBytes;
        to.lengthBytes = from.lengthBytes;
        to.fua = from.fua;
        to.mayUnmap = from.mayUnmap;
        to.segmentAddress = from.segmentAddress;
        to.segmentBytes = from.segmentBytes;
        to.segmentFirst = from.segmentFirst;
        to.segmentCount = from.segmentCount;
        to.timeline = from.timeline;
        to.timelineHead = from.timelineHead;
    }

    /** Whether the operation changes what is stored. */
    static boolean changes(BlockOp op) {
        return op != BlockOp.READ && op != BlockOp.FLUSH;
    }
}
