package ringside.emulator.vhostuser.client;

import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.virtqueue.DriverRingAddresses;
import ringside.emulator.virtqueue.VirtqAvail;
import ringside.emulator.virtqueue.VirtqUsed;
import ringside.emulator.virtqueue.VirtqueueConfig;

/** One ring with its two eventfds. They outlive connections, so that kicks during a reconnection are not lost. */
final class FrontEndQueue implements AutoCloseable {
    private static final int STATE_BYTES = 8;
    private static final int ADDR_BYTES = 40;

    private final int index;
    private final GuestMemory memory;
    private final EventNotifier kick = new EventNotifier();
    private final EventNotifier call = new EventNotifier();
    private int size;
    private DriverRingAddresses addresses;

    FrontEndQueue(int index, GuestMemory memory) {
        this.index = index;
        this.memory = memory;
    }

    /** The driver's choice; the server hears of it at {@link #setUp}. */
    void configure(int queueSize, DriverRingAddresses ring) {
        size = queueSize;
        addresses = ring;
    }

    boolean isConfigured() {
        return addresses != null;
    }

    void forget() {
        addresses = null;
        kick.clear();
        call.clear();
    }

    /**
     * Tells the server of the ring. A split one resumes where the used ring ends: what was made available before that is
     * done, and what comes after it is either in the in-flight record or was never taken. Of a packed one only the record
     * tells where to go on, and what is said here counts at its begin.
     */
    void setUp(FrontEndChannel channel) {
        state(channel, VhostUserRequest.SET_VRING_NUM, size);
        state(
                channel,
                VhostUserRequest.SET_VRING_BASE,
                addresses.packed() ? VirtqueueConfig.freshBase(true) : usedIdx());
        channel.begin(VhostUserRequest.SET_VRING_ADDR, ADDR_BYTES)
                .u32(0, index)
                .u64(8, SharedMemory.userAddress(addresses.descGpa()))
                .u64(16, SharedMemory.userAddress(addresses.usedGpa()))
                .u64(24, SharedMemory.userAddress(addresses.availGpa()));
        channel.tell();
        channel.begin(VhostUserRequest.SET_VRING_CALL, Long.BYTES).u64(0, index).attachFd(call.fd());
        channel.tell();
        channel.begin(VhostUserRequest.SET_VRING_KICK, Long.BYTES).u64(0, index).attachFd(kick.fd());
        channel.tell();
    }

    void enable(FrontEndChannel channel, boolean on) {
        state(channel, VhostUserRequest.SET_VRING_ENABLE, on ? 1 : 0);
    }

    /** Stops the ring: when this returns, the server has finished all it took and touches the ring no more. */
    void stop(FrontEndChannel channel) {
        channel.begin(VhostUserRequest.GET_VRING_BASE, STATE_BYTES).u32(0, index);
        channel.ask(STATE_BYTES);
    }

    private void state(FrontEndChannel channel, VhostUserRequest request, int value) {
        channel.begin(request, STATE_BYTES).u32(0, index).u32(4, value);
        channel.tell();
    }

    private int usedIdx() {
        long used = memory.translate(addresses.usedGpa(), VirtqUsed.bytes(size));
        return VirtqUsed.idxAcquire(memory.ram(), used);
    }

    /** Whether the driver made more available than the device has used, or nobody can tell. */
    boolean mayHaveRequestsInFlight() {
        if (addresses.packed()) {
            return true;
        }
        long avail = memory.translate(addresses.availGpa(), VirtqAvail.bytes(size));
        return VirtqAvail.idxAcquire(memory.ram(), avail) != usedIdx();
    }

    /** Available-buffer notification. Any thread. */
    void kick() {
        kick.signal();
    }

    /** Wakes both sides: either may have missed a notification of a server that died. */
    void wakeBothSides() {
        kick.signal();
        call.signal();
    }

    /** Written by the server at used-buffer notifications. */
    EventNotifier call() {
        return call;
    }

    @Override
    public void close() {
        kick.close();
        call.close();
    }
}
