package ringside.emulator.block;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Native memory that the bounce buffers of one node may take, over all its request slots: without a bound a guest could
 * ask for gigabytes with a few misaligned requests and exhaust the process. Any thread.
 */
final class BounceBudget {
    /** Enough for every slot of a queue of 256 with requests of 128 KiB. */
    static final long BYTES = 32L << 20;

    private final AtomicLong left = new AtomicLong(BYTES);

    /** Takes bytes for good, or returns false and takes nothing. */
    boolean take(long bytes) {
        long before;
        do {
            before = left.get();
            if (bytes > before) {
                return false;
            }
        } while (!left.compareAndSet(before, before - bytes));
        return true;
    }
}
