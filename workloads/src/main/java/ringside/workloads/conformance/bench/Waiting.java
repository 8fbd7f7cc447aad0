package ringside.workloads.conformance.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits that end. */
public final class Waiting {
    private static final long SPIN_NS = 100_000;
    private static final long PARK_NS = 50_000;

    private Waiting() {}

    /** Whether a condition holds within a time. */
    public static boolean until(long limitMs, BooleanSupplier condition) {
        long begin = System.nanoTime();
        long limitNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (!condition.getAsBoolean()) {
            long waited = System.nanoTime() - begin;
            if (waited > limitNs) {
                return condition.getAsBoolean();
            }
            if (waited > SPIN_NS) {
                LockSupport.parkNanos(PARK_NS);
            } else {
                Thread.onSpinWait();
            }
        }
        return true;
    }

    /** Lets a time pass in which nothing is expected to happen. */
    public static void settle(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
