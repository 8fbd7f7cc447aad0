package ringside.emulator.aio.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/**
 * Memory that a ring knows (IORING_REGISTER_BUFFERS): the kernel has pinned its pages once. Where the host does not allow
 * as much locked memory, requests go by address as usual, and one line in the log says so. In the context of the loop.
 */
final class RegisteredBuffers {
    static final int NONE = -1;

    /** The kernel takes no longer ones; one that lies across the border of two goes by address. */
    private static final long MAX_BYTES = 1L << 30;

    /** UIO_MAXIOV: so many buffers can be registered. */
    private static final int MAX_BUFFERS = 1024;

    private static final int IOVEC_BYTES = 16;

    private final int ringFd;
    private final boolean wanted;
    private long[] begin = {};
    private long[] end = {};

    RegisteredBuffers(int ringFd, boolean wanted) {
        this.ringFd = ringFd;
        this.wanted = wanted;
    }

    /** Replaces what was registered. */
    void replace(long[] addresses, long[] bytes) {
        if (begin.length > 0) {
            LibC.ioUringRegister(ringFd, UringConstants.IORING_UNREGISTER_BUFFERS, 0, 0);
            begin = new long[0];
            end = new long[0];
        }
        if (wanted && addresses.length > 0) {
            cut(addresses, bytes);
            register();
        }
    }

    private void cut(long[] addresses, long[] bytes) {
        for (int i = 0; i < addresses.length; i++) {
            for (long at = 0; at < bytes[i]; at += MAX_BYTES) {
                begin = with(begin, addresses[i] + at);
                end = with(end, addresses[i] + Math.min(bytes[i], at + MAX_BYTES));
            }
        }
    }

    private void register() {
        int result = begin.length > MAX_BUFFERS ? -Errno.EINVAL : tell();
        if (result < 0) {
            begin = new long[0];
            end = new long[0];
            System.getLogger(RegisteredBuffers.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "the guest's memory cannot be registered: {0}; raise the memlock limit (ulimit -l); going on"
                                    + " without",
                            Errno.describe(-result));
        }
    }

    private int tell() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment iovecs = arena.allocate((long) IOVEC_BYTES * begin.length, 8);
            for (int i = 0; i < begin.length; i++) {
                iovecs.set(ValueLayout.JAVA_LONG, (long) i * IOVEC_BYTES, begin[i]);
                iovecs.set(ValueLayout.JAVA_LONG, (long) i * IOVEC_BYTES + 8, end[i] - begin[i]);
            }
            return LibC.ioUringRegister(ringFd, UringConstants.IORING_REGISTER_BUFFERS, iovecs.address(), begin.length);
        }
    }

    private static long[] with(long[] values, long added) {
        long[] more = Arrays.copyOf(values, values.length + 1);
        more[values.length] = added;
        return more;
    }

    /** Index of the registered buffer that holds all of a range, {@link #NONE} when none does. */
    int indexOf(long address, long bytes) {
        for (int i = 0; i < begin.length; i++) {
            if (address >= begin[i] && address + bytes <= end[i]) {
                return i;
            }
        }
        return NONE;
    }
}
