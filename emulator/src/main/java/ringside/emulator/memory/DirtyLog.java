package ringside.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The dirty log of a live migration (vhost-user: VHOST_USER_SET_LOG_BASE): one bit per 4 KiB page of guest physical
 * addresses. Bits are set atomically because the front-end clears them meanwhile. Any thread; does not allocate.
 */
public final class DirtyLog implements AutoCloseable {
    private static final int PAGE_SHIFT = 12;
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private final SharedFile file;
    private final MemorySegment bits;
    private final long pages;

    /**
     * @param file the log; owned by this object from now on
     * @throws IllegalArgumentException when begin or length is not a multiple of 4 bytes
     */
    public DirtyLog(SharedFile file) {
        this.file = file;
        this.bits = file.segment();
        if ((bits.address() & 3) != 0 || (bits.byteSize() & 3) != 0) {
            throw new IllegalArgumentException("a dirty log must begin and end at a multiple of 4 bytes");
        }
        this.pages = bits.byteSize() * 8;
    }

    /** Marks the pages of a range. Pages behind the end of the log are ignored, as the front-end wants no part of them. */
    public void mark(long gpa, long lengthBytes) {
        long last = (gpa + lengthBytes - 1) >>> PAGE_SHIFT;
        for (long page = gpa >>> PAGE_SHIFT; page <= last; page++) {
            if (page >= pages) {
                return;
            }
            set(page);
        }
    }

    /** Words, because bytes have no atomic bit operations. Little-endian, as all hosts that Ringside runs on. */
    private void set(long page) {
        long word = page >>> 5 << 2;
        int bit = 1 << (page & 31);
        int seen;
        do {
            seen = (int) WORD.getVolatile(bits, word);
        } while ((seen & bit) == 0 && !WORD.compareAndSet(bits, word, seen, seen | bit));
    }

    @Override
    public void close() {
        file.close();
    }
}
