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
        }
        if (running != null) {
            end(running);
        }
    }

    /** Whether a stop was asked for. */
    public synchronized boolean requested() {
        return requested;
    }

    /** The worker that a later request ends; one that comes after a request ends at once. */
    void watch(Process process) {
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
