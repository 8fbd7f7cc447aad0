package ringside.emulator.eventloop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.ffi.LibC;

/** Whether the scheduler has taken the core away from the calling thread (ru_nivcsw of getrusage(2)). One thread. */
final class InvoluntarySwitches implements AutoCloseable {
    private static final int USAGE_BYTES = 144;
    private static final int NIVCSW_OFFSET = 136;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment usage = arena.allocate(USAGE_BYTES, 8);
    private long last;

    /** Whether it happened since the last call. One system call. */
    boolean more() {
        LibC.threadUsage(usage.address());
        long now = usage.get(ValueLayout.JAVA_LONG, NIVCSW_OFFSET);
        boolean more = now != last;
        last = now;
        return more;
    }

    @Override
    public void close() {
        arena.close();
    }
}
