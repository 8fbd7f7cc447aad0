package ringside.emulator.block.filter;

import java.util.concurrent.locks.LockSupport;

/** Waits on the thread of a blocking call. */
final class Waiting {
    private Waiting() {}

    /** Returns at a time of {@link System#nanoTime()}, also when the thread is interrupted. */
    static void until(long deadlineNs) {
        boolean interrupted = false;
        for (long left = deadlineNs - System.nanoTime(); left > 0; left = deadlineNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
