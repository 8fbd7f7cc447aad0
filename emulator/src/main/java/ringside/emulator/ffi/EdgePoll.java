package ringside.emulator.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits for events of several descriptors, edge-triggered (epoll(7)): each event ends one wait, and nothing has to be read
 * to make the descriptor quiet again. For eventfds that is one system call per wake-up instead of two. One thread waits;
 * does not allocate after construction.
 */
public final class EdgePoll implements AutoCloseable {
    private static final SyscallNumbers NR = SyscallNumbers.ofThisMachine();
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN_EDGE = 1 | 1 << 31;
    private static final long NS_PER_MS = 1_000_000L;

    /** Of a struct epoll_event: 12 bytes on x86-64, 16 elsewhere. The events come first; nobody reads the rest here. */
    private static final int EVENT_BYTES = 16;

    private final int fd;
    private final int count;
    private final MemorySegment events;

    /**
     * @param fds at least one; must stay open as long as this object
     * @throws NativeException when the host refuses
     */
    public EdgePoll(int[] fds) {
        count = Math.max(1, fds.length);
        events = Arena.ofAuto().allocate((long) EVENT_BYTES * count, 8);
        fd = check((int) Syscall.call(NR.epollCreate(), EPOLL_CLOEXEC, 0, 0, 0, 0, 0));
        events.set(ValueLayout.JAVA_INT, 0, EPOLLIN_EDGE);
        for (int watched : fds) {
            check((int) Syscall.call(NR.epollCtl(), fd, EPOLL_CTL_ADD, watched, events.address(), 0, 0));
        }
    }

    private static int check(int result) {
        if (result < 0) {
            throw new NativeException(
                    "epoll failed: " + Errno.describe(-result) + "; raise the limit of open files (ulimit -n)",
                    -result);
        }
        return result;
    }

    /**
     * Waits until a descriptor had an event since the last wait.
     *
     * @param maxNs upper bound of the wait in nanoseconds, rounded up to milliseconds
     * @return false on time-out, or when a signal ended the wait
     */
    public boolean await(long maxNs) {
        long maxMs = (maxNs + NS_PER_MS - 1) / NS_PER_MS;
        return Syscall.call(NR.epollPwait(), fd, events.address(), count, maxMs, 0, 0) > 0;
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
