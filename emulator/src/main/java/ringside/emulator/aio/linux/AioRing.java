package ringside.emulator.aio.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.ffi.NativeMemory;

/**
 * The context of io_setup(2) and its completion ring, which the kernel maps into the process: struct aio_ring {id, nr,
 * head, tail, magic, compat_features, incompat_features, header_length}, then struct io_event {data, obj, res, res2} each.
 * Reading it takes no system call (QEMU and fio do the same).
 */
final class AioRing implements AutoCloseable {
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();
    private static final int MAGIC = 0xa10a10a1;
    private static final int NR = 4;
    private static final int HEAD = 8;
    private static final int TAIL = 12;
    private static final int MAGIC_AT = 16;
    private static final int INCOMPAT_AT = 24;
    private static final int HEADER_BYTES = 32;
    private static final int EVENT_BYTES = 32;
    private static final int RES = 16;

    private final long context;
    private final MemorySegment ring;
    private final int entries;
    private int head;

    /** @throws NativeException when the host refuses, with the remedy */
    AioRing(int depth) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment made = scratch.allocate(ValueLayout.JAVA_LONG);
            int result = LibC.ioSetup(depth, made.address());
            if (result < 0) {
                throw refused(-result);
            }
            context = made.get(ValueLayout.JAVA_LONG, 0);
        }
        MemorySegment header = NativeMemory.view(context, HEADER_BYTES);
        boolean known = header.get(ValueLayout.JAVA_INT, MAGIC_AT) == MAGIC
                && header.get(ValueLayout.JAVA_INT, INCOMPAT_AT) == 0;
        if (!known) {
            LibC.ioDestroy(context);
            throw new NativeException(
                    "this kernel's completion ring of Linux AIO has another layout; use aio=io_uring or aio=threads",
                    Errno.ENOSYS);
        }
        entries = header.get(ValueLayout.JAVA_INT, NR);
        ring = NativeMemory.view(context, HEADER_BYTES + (long) entries * EVENT_BYTES);
        head = ring.get(ValueLayout.JAVA_INT, HEAD);
    }

    private static NativeException refused(int errno) {
        String remedy = errno == Errno.EAGAIN
                ? "raise fs.aio-max-nr (sysctl) or use aio=io_uring"
                : "this kernel has no Linux AIO; use aio=io_uring or aio=threads";
        return new NativeException("io_setup failed: " + Errno.describe(errno) + "; " + remedy, errno);
    }

    long context() {
        return context;
    }

    /** Whether a completion is there; what {@link #slot()} and {@link #result()} then say belongs to it. */
    boolean ready() {
        return head != (int) INDEX.getAcquire(ring, (long) TAIL);
    }

    int slot() {
        return (int) ring.get(ValueLayout.JAVA_LONG, event());
    }

    long result() {
        return ring.get(ValueLayout.JAVA_LONG, event() + RES);
    }

    private long event() {
        return HEADER_BYTES + (long) head * EVENT_BYTES;
    }

    void advance() {
        head = head + 1 == entries ? 0 : head + 1;
        INDEX.setRelease(ring, (long) HEAD, head);
    }

    @Override
    public void close() {
        LibC.ioDestroy(context);
    }
}
