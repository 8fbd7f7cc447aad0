package ringside.emulator.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * A target under the limits that hold for any input: 1 s, and a number of bytes on the heap. An input that took more is given again,
 * because a busy host, or a class that was loaded meanwhile, is no finding; only one that takes more each time is.
 */
final class Limits implements FuzzTarget {
    private static final long MAX_NS = 1_000_000_000L;
    private static final int TRIES = 4;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;
    private final long maxBytes;

    /** @param maxBytes most heap that one input may take */
    Limits(FuzzTarget target, long maxBytes) {
        this.maxBytes = maxBytes;
        this.target = target;
    }

    @Override
    public void run(byte[] input) {
        for (int i = 1; exceeds(input, i == TRIES); i++) {
            // Given again.
        }
    }

    private boolean exceeds(byte[] input, boolean last) {
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long before = System.nanoTime();
        target.run(input);
        long ns = System.nanoTime() - before;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        boolean exceeds = ns > MAX_NS || bytes > maxBytes;
        if (exceeds && last) {
            throw new AssertionError(
                    "one input takes %d ms and %d MiB each time".formatted(ns / 1_000_000, bytes >> 20));
        }
        return exceeds;
    }

    @Override
    public void close() {
        target.close();
    }
}
