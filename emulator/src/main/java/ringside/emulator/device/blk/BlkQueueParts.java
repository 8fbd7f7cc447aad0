package ringside.emulator.device.blk;

import ringside.emulator.block.BlockBackend;
import ringside.emulator.eventloop.LoopContext;

/** What a queue handler is built from: the disk it belongs to, and the loop and back end that serve it. */
record BlkQueueParts(
        BlkSettings settings,
        BlkDiskState disk,
        LoopContext loop,
        BlockBackend backend,
        BlkRequestParser parser,
        boolean counting) {}
