package ringside.emulator.aio;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The workers of one {@link ThreadPoolEngine}: one queue, one monitor, threads on demand. A monitor and not a lock of
 * java.util.concurrent, because waiting on those allocates a node each time.
 */
final class WorkerPool implements AutoCloseable {
    /** QEMU: thread-pool-max. */
    static final int MAX_WORKERS = 64;

    /** QEMU: how long an idle worker stays. */
    static final long IDLE_NS = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final Consumer<AioOp> finished;
    private final long idleNs;
    private final Object monitor = new Object();
    private final AioQueue incoming = new AioQueue();
    private final AioQueue queue = new AioQueue();
    private int workers;
    private int idle;
    private int starting;
    private int named;
    private boolean closing;

    /**
     * @param finished called on the worker when an operation has its result
     * @param idleNs how long an idle worker stays
     */
    WorkerPool(String name, Consumer<AioOp> finished, long idleNs) {
        this.name = name;
        this.finished = finished;
        this.idleNs = idleNs;
    }

    /** Adds to the batch that the next {@link #start} hands over. In the context of the loop. */
    void enqueue(AioOp op) {
        incoming.add(op);
    }

    /** Hands the batch to the workers in one critical section. In the context of the loop. */
    void start() {
        synchronized (monitor) {
            int count = incoming.size();
            queue.addAll(incoming);
            for (int i = 0; i < Math.min(count, idle); i++) {
                monitor.notify();
            }
            int missing = Math.min(queue.size() - idle - starting, MAX_WORKERS - workers);
            for (int i = 0; i < missing; i++) {
                startWorker();
            }
        }
    }

    private void startWorker() {
        Thread.ofPlatform().name(name + "/aio-worker-" + named++).daemon(true).start(this::runWorker);
        workers++;
        starting++;
    }

    private void runWorker() {
        AioSyscalls syscalls = new AioSyscalls();
        synchronized (monitor) {
            starting--;
        }
        for (AioOp op = take(); op != null; op = take()) {
            syscalls.execute(op);
            finished.accept(op);
        }
    }

    /** The next operation, or null when this worker shall leave. */
    private AioOp take() {
        synchronized (monitor) {
            if (queue.isEmpty()) {
                awaitWork();
            }
            AioOp op = queue.poll();
            if (op == null) {
                workers--;
                monitor.notifyAll(); // close may wait for the last one
            }
            return op;
        }
    }

    /** Holding the monitor: until there is work, the idle time has passed or the pool closes. */
    private void awaitWork() {
        long deadlineNs = System.nanoTime() + idleNs;
        idle++;
        for (long leftNs = idleNs; queue.isEmpty() && !closing && leftNs > 0; ) {
            await(TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
            leftNs = deadlineNs - System.nanoTime();
        }
        idle--;
    }

    private void await(long millis) {
        try {
            monitor.wait(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts aio workers", e);
        }
    }

    /** Workers that have not left. */
    int workers() {
        synchronized (monitor) {
            return workers;
        }
    }

    /** Waits until the workers are gone: none may signal a descriptor that has been closed and perhaps used anew. */
    @Override
    public void close() {
        synchronized (monitor) {
            closing = true;
            monitor.notifyAll();
            boolean interrupted = false;
            while (workers > 0) {
                try {
                    monitor.wait();
                } catch (InterruptedException _) {
                    interrupted = true; // the workers leave at once, so the interruption waits for them
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
