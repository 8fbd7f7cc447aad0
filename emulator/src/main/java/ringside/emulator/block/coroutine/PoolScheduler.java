package ringside.emulator.block.coroutine;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Coroutines on the JDK's own pool of carriers, for a JVM that lets nobody name a scheduler. Every step of a request changes
 * threads: from the loop to a carrier, and back for whatever the loop has to do.
 */
final class PoolScheduler implements CoroutineScheduler {
    private final Runnable wake;
    private final ConcurrentLinkedQueue<Coroutine> parked = new ConcurrentLinkedQueue<>();

    PoolScheduler(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public Thread thread(String name, Runnable body) {
        return Thread.ofVirtual().name(name).unstarted(body);
    }

    @Override
    public void parking(Coroutine coroutine) {
        if (coroutine.wish != Coroutine.Wish.NOTHING) {
            parked.add(coroutine);
            wake.run();
        }
    }

    @Override
    public void run(Coroutine coroutine) {
        coroutine.unpark();
    }

    @Override
    public Coroutine parked() {
        return parked.poll();
    }

    @Override
    public boolean pending() {
        return !parked.isEmpty();
    }

    @Override
    public String label() {
        return "pool";
    }
}
