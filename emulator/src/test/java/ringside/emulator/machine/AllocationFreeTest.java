package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.AllocatedBytes;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.guest.BlkDriverQueue;

/**
 * The whole way of a request, from the guest driver through registers, ring, device and null disk and back, allocates
 * nothing. Under the big lock all of it runs on the calling thread, so that one counter sees everything.
 */
class AllocationFreeTest {
    private static final int DEPTH = 32;
    private static final int BATCHES = 32_000;

    @ParameterizedTest
    @CsvSource({
        "true,true,MMIO,false,false",
        "false,false,MMIO,false,false",
        "true,true,PCI,false,false",
        "false,false,PCI,false,false",
        "true,true,MMIO,true,false",
        "false,false,PCI,true,false",
        "true,true,MMIO,true,true",
        "true,true,MMIO,false,true"
    })
    void requestOnANullDisk_allocatesNothing(
            boolean indirect, boolean eventIdx, TransportSpec.Kind transport, boolean packed, boolean inOrder) {
        DiskSpec disk = new DiskSpec(
                "disk0",
                new BlockNodeSpec.Null(64L << 20, 0, false),
                1,
                256,
                indirect,
                eventIdx,
                true,
                "serial",
                false,
                BlkOptions.DEFAULT.change().packed(packed).inOrder(inOrder).build());
        TransportSpec spec = new TransportSpec(transport, TransportSpec.VECTORS_AUTO, indirect);
        try (Machine machine =
                Machine.build(MachineSpecs.with(spec, MachineSpecs.of(ThreadingPreset.BIG_LOCK, disk)))) {
            machine.start();
            try (GuestDisk guest = new GuestDisk(machine, 0)) {
                BlkDriverQueue queue = guest.queues.getFirst();
                long gpa = machine.allocator().allocate(4096L * DEPTH, 4096);
                long allocated = AllocatedBytes.inSteadyState(() -> run(queue, gpa, BATCHES), 1_000_000);
                assertThat(allocated)
                        .as("bytes for %d requests", BATCHES * DEPTH)
                        .isZero();
            }
        }
    }

    private static long run(BlkDriverQueue queue, long gpa, int batches) {
        long completed = 0;
        for (int b = 0; b < batches; b++) {
            for (int i = 0; i < DEPTH; i++) {
                int type = (i & 1) == 0 ? BlkConstants.VIRTIO_BLK_T_IN : BlkConstants.VIRTIO_BLK_T_OUT;
                queue.submit(type, 8L * i, gpa + 4096L * i, 4096);
            }
            queue.publish();
            for (int head = queue.poll(); head != BlkDriverQueue.NONE; head = queue.poll()) {
                completed++;
            }
        }
        return completed;
    }
}
