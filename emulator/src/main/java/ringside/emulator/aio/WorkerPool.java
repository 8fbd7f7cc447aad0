package ringside.emulator.aio;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The workers of one {@link ThreadPoolEngine}: one queue, one lock, threads on demand. */
final class WorkerPool implements AutoCloseable {
    /** QEMU: thread-pool-max. */
    static final int MAX_WORKERS = 64;

    private static final long IDLE_SECONDS = 10;

    private final String name;
    private final Consumer<AioOp> finished;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition left = lock.newCondition();
    private final AioQueue incoming = new AioQueue();
    private final AioQueue queue = new AioQueue();
    private int workers;
    private int idle;
    private int starting;
    private int named;
    private boolean closing;

    /** @param finished called on the worker when an operation has its result */
    WorkerPool(String name, Consumer<AioOp> finished) {
        this.name = name;
        this.finished = finished;
    }

    /** Adds to the batch that the next {@link #start} hands over. In the context of the loop. */
    void enqueue(AioOp op) {
        incoming.add(op);
    }

    /** Hands the batch to the workers with one lock acquisition. In the context of the loop. */
    void start() {
        lock.lock();
        try {
            int count = incoming.size();
            queue.addAll(incoming);
            for (int i = 0; i < Math.min(count, idle); i++) {
                work.signal();
            }
            int missing = Math.min(queue.size() - idle - starting, MAX_WORKERS - workers);
            for (int i = 0; i < missing; i++) {
                startWorker();
            }
        } finally {
            lock.unlock();
        }
    }

    private void startWorker() {
        Thread.ofPlatform().name(name + "/aio-worker-" + named++).daemon(true).start(this::runWorker);
        workers++;
        starting++;
    }

    private void runWorker() {
        AioSyscalls syscalls = new AioSyscalls();
        lock.lock();
        starting--;
        lock.unlock();
        for (AioOp op = take(); op != null; op = take()) {
            syscalls.execute(op);
            finished.accept(op);
        }
    }

    /** The next operation, or null when this worker shall leave. */
    private AioOp take() {
        lock.lock();
        try {
            boolean inTime = true;
            while (queue.isEmpty()) {
                if (closing || !inTime) {
                    workers--;
                    left.signalAll();
                    return null;
                }
                idle++;
                inTime = work.await(IDLE_SECONDS, TimeUnit.SECONDS);
                idle--;
            }
            return queue.poll();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts aio workers", e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the workers are gone: none may signal a descriptor that has been closed and perhaps used anew. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signalAll();
            while (workers > 0) {
                left.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
