package ringside.emulator;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** Measures heap allocation of a thread. */
public final class AllocatedBytes {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int MAX_ROUNDS = 8;

    private AllocatedBytes() {}

    /**
     * Bytes that a repeated piece of work allocates on the calling thread once it is compiled: the least of several
     * rounds, because a compiler that falls behind on a busy host leaves a round or two to the interpreter, which
     * allocates. What the work itself allocates is in every round.
     *
     * @param round does the work and returns the number of requests it made
     * @param minRequests how many requests a round must make at least
     */
    public static long inSteadyState(LongSupplier round, long minRequests) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MAX_ROUNDS && least != 0; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long requests = round.getAsLong();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            if (requests < minRequests) {
                throw new AssertionError("a round made %d requests only".formatted(requests));
            }
        }
        return least;
    }
}
