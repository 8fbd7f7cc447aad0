package ringside.emulator.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * The bounce buffers of one back end: so many of one size, made when they are first needed. Whoever finds none free waits
 * for one, so a guest that sends nothing but misaligned requests waits and does not take memory. In the context of the
 * loop.
 */
final class BouncePool {
    /** A request that needs more goes through its buffer in several steps. A multiple of every block size. */
    static final int BUFFER_BYTES = 256 << 10;

    static final int BUFFERS = 32;

    private static final int ALIGN_BYTES = 4096;

    /** Who can wait for a buffer. */
    interface Borrower {
        /** The buffer is the borrower's until it gives it back. */
        void granted(MemorySegment buffer);
    }

    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>(BUFFERS);
    private final ArrayDeque<Borrower> waiting = new ArrayDeque<>();
    private int made;

    /** Grants a buffer now, or when one is given back. */
    void borrow(Borrower borrower) {
        MemorySegment buffer = free.poll();
        if (buffer == null && made < BUFFERS) {
            made++;
            buffer = Arena.ofAuto().allocate(BUFFER_BYTES, ALIGN_BYTES);
        }
        if (buffer == null) {
            waiting.add(borrower);
        } else {
            borrower.granted(buffer);
        }
    }

    void giveBack(MemorySegment buffer) {
        Borrower next = waiting.poll();
        if (next == null) {
            free.push(buffer);
        } else {
            next.granted(buffer);
        }
    }
}
