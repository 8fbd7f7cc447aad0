package ringside.emulator.aio;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.trace.TracePoint;

/**
 * aio=threads: worker threads issue preadv2 and pwritev2. As in QEMU, workers are made on demand, at most 64 per loop,
 * and leave after ten idle seconds.
 *
 * <p>Completions travel through a lock-free stack. The eventfd is written only while the loop has announced that it
 * will block: the worker pushes and then looks at the announcement, the loop announces and then looks at the stack; both
 * accesses are volatile, so at least one of the two sees the other (Dekker).
 */
public final class ThreadPoolEngine implements AioEngine {
    private final WorkerPool pool;
    private final AioCounters counters;
    private final EventNotifier completed = new EventNotifier();
    private final CompletionStack done = new CompletionStack();
    private final AioQueue queued = new AioQueue();
    private volatile boolean loopBlocks;
    private int inFlight;

    /** @param loopName the loop's name, for the workers' names */
    public ThreadPoolEngine(String loopName, AioCounters counters) {
        this.counters = counters;
        this.pool = new WorkerPool(loopName, this::workerFinished, WorkerPool.IDLE_NS);
    }

    @Override
    public void submit(AioOp op) {
        op.begin();
        queued.add(op);
        inFlight++;
    }

    @Override
    public void commit() {
        if (queued.isEmpty()) {
            return;
        }
        counters.batch(queued.size());
        for (AioOp op = queued.poll(); op != null; op = queued.poll()) {
            if (op.timeline != null) {
                op.timeline.stamp(op.timelineHead, TracePoint.AIO_SUBMIT);
            }
            pool.enqueue(op);
        }
        pool.start();
    }

    /** On a worker. */
    private void workerFinished(AioOp op) {
        if (op.timeline != null) {
            op.timeline.stamp(op.timelineHead, TracePoint.AIO_COMPLETE);
        }
        done.push(op);
        if (loopBlocks) {
            completed.signal();
        }
    }

    @Override
    public void countBounce() {
        counters.bounce();
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public String roleName() {
        return "aio-threads";
    }

    @Override
    public int pollFd() {
        return completed.fd();
    }

    @Override
    public void acknowledge() {
        completed.clear();
    }

    @Override
    public int doWork() {
        if (loopBlocks) {
            loopBlocks = false;
        }
        if (inFlight == 0) {
            return 0;
        }
        int work = 0;
        AioOp op = done.takeAll();
        while (op != null) {
            AioOp following = op.next();
            op.next(null);
            inFlight--;
            work++;
            op.completion.completed(op);
            op = following;
        }
        commit(); // completions may have submitted more
        return work;
    }

    @Override
    public boolean prepareToBlock() {
        loopBlocks = true;
        return !done.isEmpty();
    }

    @Override
    public void close() {
        pool.close();
        completed.close();
    }
}
