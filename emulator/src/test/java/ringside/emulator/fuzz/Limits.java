package ringside.emulator.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * A target under the limits that hold for any input: 1 s, and 64 MiB on the heap. An input that took longer is given
 * again, because a busy host is no finding; only one that is slow each time is.
 */
public final class Limits implements FuzzTarget {
    static final long MAX_NS = 1_000_000_000L;
    static final long MAX_BYTES = 64L << 20;
    private static final int TRIES = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;

    public Limits(FuzzTarget target) {
        this.target = target;
    }

    @Override
    public void run(byte[] input) {
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long before = System.nanoTime();
        target.run(input);
        if (System.nanoTime() - before > MAX_NS) {
            repeat(input);
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        if (bytes > MAX_BYTES) {
            throw new AssertionError("one input made the device allocate " + (bytes >> 20) + " MiB");
        }
    }

    private void repeat(byte[] input) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && least > MAX_NS; i++) {
            long before = System.nanoTime();
            target.run(input);
            least = Math.min(least, System.nanoTime() - before);
        }
        if (least > MAX_NS) {
            throw new AssertionError("one input takes " + least / 1_000_000 + " ms each time");
        }
    }

    @Override
    public void close() {
        target.close();
    }
}
