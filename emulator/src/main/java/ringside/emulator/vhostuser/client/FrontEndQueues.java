package ringside.emulator.vhostuser.client;

import java.util.Arrays;
import java.util.List;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.DriverRingAddresses;

/** All rings of a front-end; those that the driver configured take part. Control methods under the front-end's lock. */
final class FrontEndQueues implements AutoCloseable {
    private final FrontEndQueue[] all;

    FrontEndQueues(int count, GuestMemory memory) {
        all = new FrontEndQueue[count];
        Arrays.setAll(all, i -> new FrontEndQueue(i, memory));
    }

    int count() {
        return all.length;
    }

    void configure(int queue, int size, DriverRingAddresses addresses) {
        all[queue].configure(size, addresses);
    }

    /** Any thread. */
    void kick(int queue) {
        all[queue].kick();
    }

    /** Tells the server of the rings, then enables them. */
    void start(FrontEndChannel channel) {
        List<FrontEndQueue> configured = configured();
        configured.forEach(queue -> queue.setUp(channel));
        configured.forEach(queue -> queue.enable(channel, true));
    }

    /** When this returns, the server touches the rings no more. */
    void stop(FrontEndChannel channel) {
        List<FrontEndQueue> configured = configured();
        configured.forEach(queue -> queue.enable(channel, false));
        configured.forEach(queue -> queue.stop(channel));
    }

    void forget() {
        for (FrontEndQueue queue : all) {
            queue.forget();
        }
    }

    boolean mayHaveRequestsInFlight() {
        return configured().stream().anyMatch(FrontEndQueue::mayHaveRequestsInFlight);
    }

    void wakeBothSides() {
        configured().forEach(FrontEndQueue::wakeBothSides);
    }

    List<EventNotifier> calls(List<Integer> ofQueues) {
        return ofQueues.stream().map(queue -> all[queue].call()).toList();
    }

    private List<FrontEndQueue> configured() {
        return Arrays.stream(all).filter(FrontEndQueue::isConfigured).toList();
    }

    @Override
    public void close() {
        for (FrontEndQueue queue : all) {
            queue.close();
        }
    }
}
