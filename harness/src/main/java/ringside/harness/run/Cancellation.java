package ringside.harness.run;

import java.util.concurrent.TimeUnit;

/** A request to stop, from the terminal or the system, and the worker that has to hear it. Thread-safe. */
public final class Cancellation {
    private static final long GRACE_S = 5;

    private boolean requested;
    private Process worker;

    /** Asks to stop: ends the worker and returns when it is gone. */
    public void request() {
        Process running;
        synchronized (this) {
            requested = true;
            running = worker;
            notifyAll();
        }
        if (running != null) {
            end(running);
        }
    }

    /** Whether a stop was asked for. */
    public synchronized boolean requested() {
        return requested;
    }

    /** Waits a little for a request that may be on its way, and says whether it came. */
    synchronized boolean requestedWithin(long ms) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        try {
            for (long leftNs = endNs - System.nanoTime();
                    !requested && leftNs > 0;
                    leftNs = endNs - System.nanoTime()) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return requested;
    }

    /** The worker that a later request ends; one that comes after a request ends at once. */
    public void watch(Process process) {
        boolean late;
        synchronized (this) {
            worker = process;
            late = requested;
        }
        if (late) {
            end(process);
        }
    }

    /** Ends a process, politely first. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
