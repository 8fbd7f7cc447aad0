package ringside.emulator;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** The heap bytes that a thread has allocated. Asking costs nothing once it has been asked before. */
public final class AllocatedBytes {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /** Bytes allocated by the calling thread since it started. */
    public static long ofThisThread() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
