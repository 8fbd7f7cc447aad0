package ringside.emulator.eventloop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.emulator.ffi.LibC;

/** The array of {@code struct pollfd} of one loop: fd (int), events (short), revents (short). Loop thread only. */
final class PollSet implements AutoCloseable {
    private static final int ENTRY_BYTES = 8;
    private static final short POLLIN = 1;

    private final Arena arena = Arena.ofShared();
    private MemorySegment entries = arena.allocate(ENTRY_BYTES, 8);
    private int count;

    /** Replaces the descriptors; -1 entries are skipped by the kernel. Allocates when there are more than ever before. */
    void set(int[] fds) {
        if (fds.length > entries.byteSize() / ENTRY_BYTES) {
            // What is left behind is freed with the loop: doubling keeps that below the size of the last one.
            entries = arena.allocate(2L * ENTRY_BYTES * fds.length, 8);
        }
        count = fds.length;
        for (int i = 0; i < count; i++) {
            entries.set(ValueLayout.JAVA_INT, (long) i * ENTRY_BYTES, fds[i]);
            entries.set(ValueLayout.JAVA_SHORT, (long) i * ENTRY_BYTES + 4, POLLIN);
            entries.set(ValueLayout.JAVA_SHORT, (long) i * ENTRY_BYTES + 6, (short) 0);
        }
    }

    /**
     * Waits until a descriptor is readable.
     *
     * @param timeoutNs 0 returns at once, negative waits for ever
     * @return number of readable descriptors, 0 on time-out or interruption
     */
    int await(long timeoutNs) {
        int ready = LibC.ppoll(entries.address(), count, timeoutNs);
        if (ready <= 0) {
            // A failed call leaves revents of an earlier one; nobody may act on those.
            for (int i = 0; i < count; i++) {
                entries.set(ValueLayout.JAVA_SHORT, (long) i * ENTRY_BYTES + 6, (short) 0);
            }
            return 0;
        }
        return ready;
    }

    /** Whether the descriptor at this index was readable at the last {@link #await}. */
    boolean readable(int index) {
        return entries.get(ValueLayout.JAVA_SHORT, (long) index * ENTRY_BYTES + 6) != 0;
    }

    @Override
    public void close() {
        arena.close();
    }
}
