package ringside.emulator.device.blk;

import java.util.concurrent.CountDownLatch;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.trace.TimelineTable;

/** Which loop, back end and timeline serve each queue of a device, and how to act in a loop's context. */
public interface QueueContexts {
    /** The loop of a queue. */
    LoopContext loop(int queue);

    /** The back end of a queue, attached to its loop. */
    BlockBackend backend(int queue);

    /** The timeline table of a queue, or null when timelines are off. */
    TimelineTable timeline(int queue);

    /** Runs a command in the context of a queue's loop and waits for it. Called under the big lock. */
    void run(int queue, Runnable command);

    /** Waits for requests in flight. Called under the big lock, which is given up meanwhile if loops need it. */
    void await(CountDownLatch latch);
}
