package ringside.emulator.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.MergingBackend;
import ringside.emulator.device.blk.QueueContexts;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.eventloop.IoThread;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.trace.TimelineTable;

/** The queue contexts of one disk: one back end per loop that serves any of its queues. */
final class DiskContexts implements QueueContexts, AutoCloseable {
    /** A storage that takes longer than this for what is in flight is given up. */
    private static final long RESET_LIMIT_S = 30;

    private final BigLock lock;
    private final LoopPlan plan;
    private final int disk;
    private final List<BlockBackend> backendOfQueue = new ArrayList<>();
    private final Map<Integer, BlockBackend> backendOfLoop = new HashMap<>();
    private final List<TimelineTable> timelines = new ArrayList<>();

    /** @param context the AioContext of a loop, by index into the plan's IOThreads, -1 for the main loop */
    DiskContexts(
            MachineSpec spec, int disk, BlockNode node, LoopPlan plan, BigLock lock, IntFunction<AioContext> context) {
        this.lock = lock;
        this.plan = plan;
        this.disk = disk;
        DiskSpec diskSpec = spec.disks().get(disk);
        for (int q = 0; q < diskSpec.queues(); q++) {
            int loop = plan.loopOf(disk, q);
            backendOfQueue.add(backendOfLoop.computeIfAbsent(loop, l -> {
                BlockBackend backend = node.attach(context.apply(l));
                return diskSpec.requestMerging() && node.zones().isEmpty() ? new MergingBackend(backend) : backend;
            }));
            if (spec.trace() == ringside.emulator.trace.TraceMode.TIMELINE) {
                timelines.add(new TimelineTable(diskSpec.queueSize(), spec.timelineSampleEvery()));
            }
        }
    }

    List<TimelineTable> timelines() {
        return List.copyOf(timelines);
    }

    @Override
    public LoopContext loop(int queue) {
        int loop = plan.loopOf(disk, queue);
        return loop < 0 ? plan.mainLoop() : plan.ioThreads().get(loop);
    }

    @Override
    public BlockBackend backend(int queue) {
        return backendOfQueue.get(queue);
    }

    @Override
    public TimelineTable timeline(int queue) {
        return timelines.isEmpty() ? null : timelines.get(queue);
    }

    @Override
    public void run(int queue, Runnable command) {
        if (loop(queue) instanceof IoThread ioThread) {
            ioThread.invoke(command);
        } else {
            // The caller holds the big lock, and that is the context of the main loop.
            command.run();
        }
    }

    @Override
    public void await(CountDownLatch latch) {
        // The main loop needs the lock to complete what is in flight.
        lock.unlock();
        try {
            if (!latch.await(RESET_LIMIT_S, TimeUnit.SECONDS)) {
                throw new MachineException("requests of disk " + disk + " did not come back within " + RESET_LIMIT_S
                        + " s of its reset: the storage hangs, or its loop died");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted while waiting for requests in flight of disk " + disk);
        } finally {
            lock.lock();
        }
    }

    @Override
    public void close() {
        backendOfLoop.values().forEach(BlockBackend::close);
    }
}
