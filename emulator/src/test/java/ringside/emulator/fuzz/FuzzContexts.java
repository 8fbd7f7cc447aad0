package ringside.emulator.fuzz;

import java.util.concurrent.CountDownLatch;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.device.blk.QueueContexts;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.trace.TimelineTable;

/** All queues on the thread of the target. A reset that waits for requests in flight gets them ended. */
public final class FuzzContexts implements QueueContexts {
    private final StepLoop loop;
    private final FuzzDisk disk;
    private final Runnable endOldest;
    private final Runnable afterCommand;

    /** @param endOldest ends the oldest request that waits at the disk */
    public FuzzContexts(StepLoop loop, FuzzDisk disk, Runnable endOldest) {
        this(loop, disk, endOldest, () -> {});
    }

    /** @param afterCommand what the loop does after each command, before the control thread goes on */
    public FuzzContexts(StepLoop loop, FuzzDisk disk, Runnable endOldest, Runnable afterCommand) {
        this.loop = loop;
        this.disk = disk;
        this.endOldest = endOldest;
        this.afterCommand = afterCommand;
    }

    @Override
    public LoopContext loop(int queue) {
        return loop;
    }

    @Override
    public BlockBackend backend(int queue) {
        return disk;
    }

    @Override
    public TimelineTable timeline(int queue) {
        return null;
    }

    @Override
    public void run(int queue, Runnable command) {
        command.run();
        afterCommand.run();
    }

    @Override
    public void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Check.that(disk.waiting() > 0, "the device waits for a request that is nowhere");
            endOldest.run();
        }
    }
}
