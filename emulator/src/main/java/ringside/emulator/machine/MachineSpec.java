package ringside.emulator.machine;

import java.util.List;
import ringside.emulator.trace.TraceMode;

/**
 * Everything that defines a machine. Immutable; all defaults are explicit values so that a result can list them.
 *
 * @param threading arrangement of threads
 * @param iothreads number of IOThreads for {@code iothread} and {@code iothread-vq-mapping}; data-plane-1.4 makes one
 *     per disk; ignored (and 0) under the big lock
 * @param vqMapping explicit mapping: entry i lists the queue numbers of IOThread i; empty means round robin
 * @param poll adaptive polling of IOThreads; the main loop never polls, as in QEMU
 * @param disks the disks
 * @param memoryBytes guest memory for I/O buffers and rings, over all disks
 * @param hugePages back guest memory with huge pages
 * @param trace instrumentation
 * @param timelineSampleEvery with trace mode timeline, every n-th request gets a timeline
 * @param transport how the guest reaches its disks
 */
public record MachineSpec(
        ThreadingPreset threading,
        int iothreads,
        List<List<Integer>> vqMapping,
        PollSpec poll,
        List<DiskSpec> disks,
        long memoryBytes,
        boolean hugePages,
        TraceMode trace,
        int timelineSampleEvery,
        TransportSpec transport) {
    /** A machine with virtio-mmio. */
    public MachineSpec(
            ThreadingPreset threading,
            int iothreads,
            List<List<Integer>> vqMapping,
            PollSpec poll,
            List<DiskSpec> disks,
            long memoryBytes,
            boolean hugePages,
            TraceMode trace,
            int timelineSampleEvery) {
        this(
                threading,
                iothreads,
                vqMapping,
                poll,
                disks,
                memoryBytes,
                hugePages,
                trace,
                timelineSampleEvery,
                TransportSpec.MMIO);
    }

    public MachineSpec {
        vqMapping = vqMapping.stream().map(List::copyOf).toList();
        disks = List.copyOf(disks);
        if (disks.isEmpty()) {
            throw new IllegalArgumentException("a machine needs at least one disk");
        }
        if (timelineSampleEvery < 1) {
            throw new IllegalArgumentException(
                    "timeline sampling interval must be at least 1, it is " + timelineSampleEvery);
        }
    }
}
