package ringside.emulator.block.coroutine;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Runs coroutines on the thread of the loop: resuming one mounts it at once, and it is back when it parks. No other thread
 * takes part, and no queue lies between.
 */
final class LoopScheduler implements CoroutineScheduler, Executor {
    private final Runnable wake;
    private final ConcurrentLinkedQueue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();

    /** The thread that resumes a coroutine right now, in the context of the loop. */
    private Thread carrier;

    private Coroutine firstParked;
    private Coroutine lastParked;

    LoopScheduler(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public Thread thread(String name, Runnable body) {
        return VirtualThreads.on(this).name(name).unstarted(body);
    }

    /**
     * The JDK wants a coroutine to go on. Only one that {@link #run} resumes goes on here and now; the others (one that was
     * blocked on a monitor, for example) wait for the loop's next pass.
     */
    @Override
    public void execute(Runnable continuation) {
        if (Thread.currentThread() == carrier) {
            continuation.run();
        } else {
            elsewhere.add(continuation);
            wake.run();
        }
    }

    @Override
    public void parking(Coroutine coroutine) {
        coroutine.nextParked = null;
        if (lastParked == null) {
            firstParked = coroutine;
        } else {
            lastParked.nextParked = coroutine;
        }
        lastParked = coroutine;
    }

    @Override
    public void run(Coroutine coroutine) {
        carrier = Thread.currentThread();
        try {
            coroutine.unpark();
        } finally {
            carrier = null;
        }
    }

    @Override
    public Coroutine parked() {
        for (Runnable late = next(); late != null; late = next()) {
            late.run();
        }
        Coroutine taken = firstParked;
        if (taken != null) {
            firstParked = taken.nextParked;
            lastParked = firstParked == null ? null : lastParked;
        }
        return taken;
    }

    private Runnable next() {
        return firstParked == null ? elsewhere.poll() : null;
    }

    @Override
    public boolean pending() {
        return !elsewhere.isEmpty();
    }

    @Override
    public String label() {
        return "loop";
    }
}
