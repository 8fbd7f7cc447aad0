package ringside.harness.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ringside.harness.run.Cancellation;

/**
 * Holds the end of the JVM back after Ctrl-C or SIGTERM until the worker is gone, the finished runs are reported and the
 * scratch images are removed. The JVM then ends with 130 or 143, as shells expect.
 */
final class ShutdownGuard implements AutoCloseable {
    private static final long LIMIT_S = 60;

    private final Cancellation cancellation;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "shutdown");

    ShutdownGuard(Cancellation cancellation) {
        this.cancellation = cancellation;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Everything is written. */
    void finished() {
        done.countDown();
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down: the hook is at work and has just been released.
        }
    }

    private void stop() {
        cancellation.request();
        try {
            done.await(LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
