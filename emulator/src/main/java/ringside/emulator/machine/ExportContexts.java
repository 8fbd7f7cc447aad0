package ringside.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import ringside.emulator.aio.AioEngines;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.MergingBackend;
import ringside.emulator.device.blk.QueueContexts;
import ringside.emulator.eventloop.IoThread;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.TimelineTable;

/** The IOThreads of an export, one back end of its node on each, and the queues spread over them in turn. */
final class ExportContexts implements QueueContexts, AutoCloseable {
    /** A storage that takes longer than this for what is in flight is given up. */
    private static final long DRAIN_LIMIT_S = 30;

    private final List<IoThread> loops;
    private final List<AioEngines> engines = new ArrayList<>();
    private final List<BlockBackend> backends = new ArrayList<>();

    ExportContexts(ExportSpec spec, BlockNode node) {
        boolean counting = spec.trace().counts();
        PollSpec poll = spec.poll();
        int threads = Math.min(spec.iothreads(), spec.queues());
        loops = IntStream.range(0, threads)
                .mapToObj(i -> new IoThread("iothread" + i, counting, poll.maxNs(), poll.grow(), poll.shrink()))
                .toList();
        try {
            for (IoThread loop : loops) {
                AioEngines made = new AioEngines(loop, counting);
                engines.add(made);
                BlockBackend backend = node.attach(made);
                backends.add(spec.requestMerging() && node.zones().isEmpty() ? new MergingBackend(backend) : backend);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    List<IoThread> loops() {
        return loops;
    }

    void start() {
        loops.forEach(IoThread::start);
    }

    /** The front-end's memory has changed, while no queue runs. */
    void memoryChanged(GuestMemory memory) {
        int count = memory.regionCount();
        long[] addresses = new long[count];
        long[] bytes = new long[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = memory.region(i).lengthBytes();
            addresses[i] =
                    memory.hostAddress() + memory.translate(memory.region(i).gpa(), bytes[i]);
        }
        for (int i = 0; i < loops.size(); i++) {
            AioEngines own = engines.get(i);
            loops.get(i).invoke(() -> own.offerBuffers(addresses, bytes));
        }
    }

    private int loopOf(int queue) {
        return queue % loops.size();
    }

    @Override
    public LoopContext loop(int queue) {
        return loops.get(loopOf(queue));
    }

    @Override
    public BlockBackend backend(int queue) {
        return backends.get(loopOf(queue));
    }

    @Override
    public TimelineTable timeline(int queue) {
        return null;
    }

    @Override
    public void run(int queue, Runnable command) {
        loops.get(loopOf(queue)).invoke(command);
    }

    @Override
    public void await(CountDownLatch latch) {
        try {
            if (!latch.await(DRAIN_LIMIT_S, TimeUnit.SECONDS)) {
                throw new MachineException("requests did not come back within " + DRAIN_LIMIT_S
                        + " s of the stop of their queue: the storage hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted while waiting for requests in flight");
        }
    }

    @Override
    public void close() {
        loops.forEach(IoThread::close);
        backends.forEach(BlockBackend::close);
        engines.forEach(AioEngines::close);
    }
}
