package ringside.emulator.eventloop;

import ringside.emulator.trace.CounterId;

/**
 * The main loop: waits without the big lock, dispatches under it, and gives it up between any two iterations (QEMU's
 * main_loop_wait). It never busy-polls, as in QEMU. What runs in its context may also run on another thread that holds
 * the lock.
 */
public final class MainLoop extends EventLoop {
    private final BigLock lock;

    public MainLoop(BigLock lock, boolean counting) {
        super("main-loop", counting);
        this.lock = lock;
    }

    /** The lock that protects everything this loop does. */
    public BigLock lock() {
        return lock;
    }

    @Override
    void run() {
        lock.lock();
        try {
            while (!stopping()) {
                boolean mayBlock = beginBlocking();
                long timeoutNs = mayBlock ? timeoutNs() : 0;
                lock.unlock();
                boolean readable;
                try {
                    readable = waitForWork(mayBlock, timeoutNs);
                } finally {
                    lock.lock();
                }
                endBlocking(readable);
                pass();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    void inContext(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private boolean waitForWork(boolean mayBlock, long timeoutNs) {
        if (!counting() || !mayBlock) {
            return await(timeoutNs);
        }
        long start = System.nanoTime();
        boolean readable = await(timeoutNs);
        counters().increment(CounterId.LOOP_BLOCKS);
        counters().add(CounterId.BLOCKED_NS, System.nanoTime() - start);
        return readable;
    }

    /** Attaching may come from any thread that holds the lock, so the loop must look at its descriptors again. */
    @Override
    public void attach(LoopTask task) {
        super.attach(task);
        wake();
    }

    @Override
    public void detach(LoopTask task) {
        super.detach(task);
        wake();
    }
}
