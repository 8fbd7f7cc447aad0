package ringside.emulator.vhostuser.client;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.LibC;

/**
 * Sleeps until the server notifies one of several queues or hangs up: what a vCPU's interrupt is to a driver behind
 * virtio-mmio. One thread. Does not allocate after construction.
 */
public final class CallWaiter {
    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS_AT = 4;
    private static final int REVENTS_AT = 6;
    private static final short POLLIN = 1;

    private final VhostUserFrontEnd frontEnd;
    private final EventNotifier[] calls;
    private final MemorySegment pollfds;

    CallWaiter(VhostUserFrontEnd frontEnd, List<EventNotifier> calls) {
        this.frontEnd = frontEnd;
        this.calls = calls.toArray(EventNotifier[]::new);
        this.pollfds = Arena.ofAuto().allocate((long) POLLFD_BYTES * (calls.size() + 1), 8);
        for (int i = 0; i <= this.calls.length; i++) {
            pollfds.set(ValueLayout.JAVA_SHORT, (long) i * POLLFD_BYTES + EVENTS_AT, POLLIN);
        }
        for (int i = 0; i < this.calls.length; i++) {
            pollfds.set(ValueLayout.JAVA_INT, (long) i * POLLFD_BYTES, this.calls[i].fd());
        }
    }

    /**
     * Waits for a notification, and takes it.
     *
     * @param maxNs upper bound of the wait in nanoseconds; 0 only looks
     * @return false when the connection needs a look ({@link VhostUserFrontEnd#isLost()})
     */
    public boolean await(long maxNs) {
        long socket = (long) calls.length * POLLFD_BYTES;
        // Negative while somebody reconnects, which makes the kernel skip the entry.
        pollfds.set(ValueLayout.JAVA_INT, socket, frontEnd.connectionFd());
        if (LibC.ppoll(pollfds.address(), calls.length + 1, maxNs) <= 0) {
            return true;
        }
        for (int i = 0; i < calls.length; i++) {
            if (isReady((long) i * POLLFD_BYTES)) {
                calls[i].clear();
            }
        }
        return !isReady(socket);
    }

    private boolean isReady(long entry) {
        return pollfds.get(ValueLayout.JAVA_SHORT, entry + REVENTS_AT) != 0;
    }
}
