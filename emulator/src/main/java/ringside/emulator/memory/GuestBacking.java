package ringside.emulator.memory;

import java.lang.foreign.MemorySegment;

/** Where guest memory comes from: one contiguous host range. */
sealed interface GuestBacking extends AutoCloseable permits GuestMemoryMapping, GuestWindow {
    /** The whole range. */
    MemorySegment segment();

    /** The file behind all of it. */
    int fileDescriptor();

    @Override
    void close();
}
