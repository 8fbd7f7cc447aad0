package ringside.emulator.vhostuser.client;

import java.util.List;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.EdgePoll;

/**
 * Sleeps until the server notifies one of several queues: what a vCPU's interrupt is to a driver behind virtio-mmio. One
 * thread. Does not allocate after construction.
 *
 * <p>The call eventfds are never read, only their edges count: the server may add to them for centuries.
 */
public final class CallWaiter implements AutoCloseable {
    private final EdgePoll poll;

    CallWaiter(List<EventNotifier> calls) {
        poll = new EdgePoll(calls.stream().mapToInt(EventNotifier::fd).toArray());
    }

    /**
     * Waits for a notification that came after the one that ended the last wait.
     *
     * @param maxNs upper bound of the wait in nanoseconds, rounded up to milliseconds; 0 only looks
     * @return false when none came: the server is idle, or gone ({@link VhostUserFrontEnd#isLost()})
     */
    public boolean await(long maxNs) {
        return poll.await(maxNs);
    }

    @Override
    public void close() {
        poll.close();
    }
}
