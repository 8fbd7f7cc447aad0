package ringside.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.GuestTransport;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.guest.VirtualCpu;

/** A disk of a machine as one vCPU of its guest uses it: initialised, with all its queues. */
final class GuestDisk implements AutoCloseable {
    private static final long PATIENCE_NS = 20_000_000_000L;

    final GuestTransport transport;
    final VirtioBlkDriver driver;
    final List<BlkDriverQueue> queues;
    private final VirtualCpu cpu = new VirtualCpu(0);

    GuestDisk(Machine machine, int disk) {
        MachineDisk target = machine.disks().get(disk);
        transport = target.driver();
        for (int q = 0; q < target.spec().queues(); q++) {
            transport.routeInterrupt(q, cpu);
        }
        this.driver = new VirtioBlkDriver(transport, machine.memory(), machine.allocator());
        driver.initialise(target.timelines());
        this.queues = driver.queues();
    }

    /**
     * Transfers consecutive ranges of one length, spread over all queues and as deep as they go.
     *
     * @param dataGpa one buffer after the other
     * @return the status of each request
     */
    List<Integer> transfer(int type, long firstSector, long dataGpa, int bytes, int requests) {
        Integer[] status = new Integer[requests];
        int[][] requestOfHead = new int[queues.size()][queues.getFirst().heads()];
        int submitted = 0;
        int completed = 0;
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (completed < requests) {
            submitted = submit(type, firstSector, dataGpa, bytes, requests, submitted, requestOfHead);
            int before = completed;
            completed += reap(status, requestOfHead);
            if (completed == before && !armed()) {
                continue;
            }
            if (completed == before) {
                cpu.halt(100_000_000L);
                queues.getFirst().handleInterrupt();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("%d of %d requests never completed".formatted(requests - completed, requests));
            }
        }
        return new ArrayList<>(List.of(status));
    }

    private int submit(
            int type, long firstSector, long dataGpa, int bytes, int requests, int submitted, int[][] requestOfHead) {
        int next = submitted;
        boolean room = true;
        while (room && next < requests) {
            room = false;
            for (int q = 0; q < queues.size() && next < requests; q++) {
                long sector = firstSector + (long) next * bytes / BlkConstants.SECTOR_BYTES;
                int head = queues.get(q).submit(type, sector, dataGpa + (long) next * bytes, bytes);
                if (head != BlkDriverQueue.NONE) {
                    requestOfHead[q][head] = next++;
                    room = true;
                }
            }
        }
        queues.forEach(BlkDriverQueue::publish);
        return next;
    }

    private int reap(Integer[] status, int[][] requestOfHead) {
        int count = 0;
        for (int q = 0; q < queues.size(); q++) {
            BlkDriverQueue queue = queues.get(q);
            for (int head = queue.poll(); head != BlkDriverQueue.NONE; head = queue.poll()) {
                status[requestOfHead[q][head]] = queue.status(head);
                count++;
            }
        }
        return count;
    }

    /** Whether all queues will interrupt; false when something completed meanwhile. */
    private boolean armed() {
        boolean armed = true;
        for (BlkDriverQueue queue : queues) {
            armed &= !queue.enableInterrupts();
        }
        return armed;
    }

    @Override
    public void close() {
        driver.shutdown();
        cpu.close();
    }
}
