package ringside.emulator.aio.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import ringside.emulator.aio.UringOptions;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.NativeMemory;

/**
 * One io_uring: submission ring, completion ring and submission entries, mapped from the kernel.
 *
 * <p>The kernel reads sq.tail and writes cq.tail with release and acquire on its side, so the same here: sq.tail is
 * stored with release after the entries, cq.tail loaded with acquire before them, cq.head stored with release after an
 * entry was copied out.
 */
final class UringRing implements AutoCloseable {
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();
    private static final int CQE_BYTES = 16;

    /** How long the kernel's submission thread looks for work before it sleeps. */
    private static final int SQ_THREAD_IDLE_MS = 50;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final int sqEntries;
    private final int cqEntries;
    private final MemorySegment rings;
    private final MemorySegment sqes;
    private final long sqHead;
    private final long sqTail;
    private final long sqFlags;
    private final boolean sqpoll;
    private final int sqMask;
    private final long cqHead;
    private final long cqTail;
    private final int cqMask;
    private final long cqes;
    private int nextSq;
    private int nextCq;

    /** @throws NativeException when the host refuses io_uring, with the remedy */
    UringRing(int entries, UringOptions options) {
        this.sqpoll = options.sqpoll();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment params = scratch.allocate(UringConstants.PARAMS_BYTES, 8);
            params.set(ValueLayout.JAVA_INT, UringConstants.PARAMS_FLAGS, flags(options));
            params.set(ValueLayout.JAVA_INT, UringConstants.PARAMS_SQ_THREAD_IDLE, SQ_THREAD_IDLE_MS);
            fd = LibC.ioUringSetup(entries, params.address());
            if (fd < 0) {
                throw UringRefusal.of(-fd);
            }
            requireSingleMmap(params);
            sqEntries = params.get(ValueLayout.JAVA_INT, UringConstants.PARAMS_SQ_ENTRIES);
            cqEntries = params.get(ValueLayout.JAVA_INT, UringConstants.PARAMS_CQ_ENTRIES);
            long sqArray = field(params, UringConstants.PARAMS_SQ_OFF, UringConstants.SQ_ARRAY);
            cqes = field(params, UringConstants.PARAMS_CQ_OFF, UringConstants.CQ_CQES);
            rings = map(
                    Math.max(sqArray + 4L * sqEntries, cqes + (long) CQE_BYTES * cqEntries),
                    UringConstants.IORING_OFF_SQ_RING);
            sqes = map((long) SqeLayout.BYTES * sqEntries, UringConstants.IORING_OFF_SQES);
            sqHead = field(params, UringConstants.PARAMS_SQ_OFF, UringConstants.SQ_HEAD);
            sqFlags = field(params, UringConstants.PARAMS_SQ_OFF, UringConstants.SQ_FLAGS);
            sqTail = field(params, UringConstants.PARAMS_SQ_OFF, UringConstants.SQ_TAIL);
            cqHead = field(params, UringConstants.PARAMS_CQ_OFF, UringConstants.CQ_HEAD);
            cqTail = field(params, UringConstants.PARAMS_CQ_OFF, UringConstants.CQ_TAIL);
            sqMask = rings.get(
                    ValueLayout.JAVA_INT, field(params, UringConstants.PARAMS_SQ_OFF, UringConstants.SQ_MASK));
            cqMask = rings.get(
                    ValueLayout.JAVA_INT, field(params, UringConstants.PARAMS_CQ_OFF, UringConstants.CQ_MASK));
            for (int i = 0; i < sqEntries; i++) {
                rings.set(ValueLayout.JAVA_INT, sqArray + 4L * i, i); // slot i always refers to entry i
            }
        }
    }

    private static int flags(UringOptions options) {
        return UringConstants.IORING_SETUP_CLAMP
                | (options.sqpoll() ? UringConstants.IORING_SETUP_SQPOLL : 0)
                | (options.iopoll() ? UringConstants.IORING_SETUP_IOPOLL : 0);
    }

    /** Whether a kernel thread takes the submissions. */
    boolean sqpoll() {
        return sqpoll;
    }

    /** Whether that thread has gone to sleep; after the entries were pushed. */
    boolean needsWakeUp() {
        VarHandle.fullFence(); // our tail before its flag, as the kernel sets its flag before it looks at the tail
        return ((int) INDEX.getOpaque(rings, sqFlags) & UringConstants.IORING_SQ_NEED_WAKEUP) != 0;
    }

    private static long field(MemorySegment params, int group, int member) {
        return Integer.toUnsignedLong(params.get(ValueLayout.JAVA_INT, (long) group + member));
    }

    private void requireSingleMmap(MemorySegment params) {
        int features = params.get(ValueLayout.JAVA_INT, UringConstants.PARAMS_FEATURES);
        if ((features & UringConstants.IORING_FEAT_SINGLE_MMAP) == 0) {
            LibC.close(fd);
            throw UringRefusal.of(Errno.ENOSYS);
        }
    }

    private MemorySegment map(long bytes, long offset) {
        int flags = LibC.MAP_SHARED | LibC.MAP_POPULATE;
        long address = LibC.mmap(bytes, LibC.PROT_READ | LibC.PROT_WRITE, flags, fd, offset);
        if (address < 0 && address > -4096) {
            close();
            throw UringRefusal.of((int) -address);
        }
        return NativeMemory.mapped(address, bytes, arena, () -> LibC.munmap(address, bytes));
    }

    int fd() {
        return fd;
    }

    int cqEntries() {
        return cqEntries;
    }

    /** Free submission slots. */
    int sqSpace() {
        return sqEntries - (nextSq - (int) INDEX.getAcquire(rings, sqHead));
    }

    /** Index of the entry to fill in next; {@link #pushed} makes it count. */
    int sqIndex() {
        return nextSq & sqMask;
    }

    MemorySegment sqes() {
        return sqes;
    }

    void pushed() {
        nextSq++;
        INDEX.setRelease(rings, sqTail, nextSq);
    }

    /** Entries pushed that the kernel has not taken. */
    int unsubmitted() {
        return nextSq - (int) INDEX.getAcquire(rings, sqHead);
    }

    /** Whether a completion is there. */
    boolean cqReady() {
        return (int) INDEX.getAcquire(rings, cqTail) != nextCq;
    }

    long cqUserData() {
        return rings.get(ValueLayout.JAVA_LONG, cqes + (long) (nextCq & cqMask) * CQE_BYTES);
    }

    int cqResult() {
        return rings.get(ValueLayout.JAVA_INT, cqes + (long) (nextCq & cqMask) * CQE_BYTES + 8);
    }

    /** Gives the completion entry back to the kernel. */
    void cqAdvance() {
        nextCq++;
        INDEX.setRelease(rings, cqHead, nextCq);
    }

    @Override
    public void close() {
        arena.close();
        LibC.close(fd);
    }
}
