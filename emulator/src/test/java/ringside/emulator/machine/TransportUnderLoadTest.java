package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.pci.PciFunction;
import ringside.emulator.trace.CounterId;

/** What a transport does to queues while they are busy on other threads. */
class TransportUnderLoadTest {
    private static final int BYTES = 4096;
    private static final int REQUESTS = 400;
    private static final long LATENCY_NS = 50_000;
    private static final int COMMAND = 4;
    private static final int MEMORY = 2;
    private static final int MASTER = 4;

    static Stream<Arguments> presetsAndRings() {
        return Stream.of(
                        ThreadingPreset.BIG_LOCK,
                        ThreadingPreset.MAIN_LOOP,
                        ThreadingPreset.IOTHREAD,
                        ThreadingPreset.IOTHREAD_VQ_MAPPING)
                .flatMap(preset -> Stream.of(Arguments.of(preset, false), Arguments.of(preset, true)));
    }

    private static DiskSpec disk(boolean packed, long latencyNs) {
        BlkOptions options = new BlkOptions(512, 0, 0, 0, 0, 0, true, true, false, 1 << 21, 1, 0, packed, false);
        return new DiskSpec(
                "disk0",
                new BlockNodeSpec.Null(64L << 20, latencyNs, true),
                2,
                64,
                true,
                true,
                true,
                "disk0",
                false,
                options);
    }

    /** Each pause drains the queues and lets them go on; each interrupt that fell into one still comes. */
    @ParameterizedTest
    @MethodSource("presetsAndRings")
    @Timeout(60)
    void functionThatIsPausedAgainAndAgain_losesNoRequest(ThreadingPreset threading, boolean packed)
            throws InterruptedException {
        MachineSpec spec = MachineSpecs.with(TransportSpec.PCI, MachineSpecs.of(threading, disk(packed, LATENCY_NS)));
        try (Machine machine = Machine.build(spec)) {
            machine.start();
            PciFunction function = ((DiskPort.Pci) machine.disks().getFirst().port()).function();
            AtomicBoolean over = new AtomicBoolean();
            try (GuestDisk guest = new GuestDisk(machine, 0)) {
                Thread disturber = new Thread(() -> {
                    while (!over.get()) {
                        function.configWrite(COMMAND, 2, MEMORY);
                        function.configWrite(COMMAND, 2, MEMORY | MASTER);
                        function.whilePaused(() -> {});
                        Thread.onSpinWait();
                    }
                });
                disturber.start();
                long gpa = machine.allocator().allocate(REQUESTS * BYTES, BYTES);
                try {
                    for (int round = 0; round < 5; round++) {
                        assertThat(guest.transfer(VIRTIO_BLK_T_OUT, 0, gpa, BYTES, REQUESTS))
                                .containsOnly(0);
                        assertThat(guest.transfer(VIRTIO_BLK_T_IN, 0, gpa, BYTES, REQUESTS))
                                .containsOnly(0);
                    }
                } finally {
                    over.set(true);
                    disturber.join();
                }
            }
            assertThat(machine.snapshot().total(CounterId.REQUESTS)).isEqualTo(10 * REQUESTS);
            assertThat(function.barRead(4, 0x14, 1)).as("status").isZero();
        }
    }

    static Stream<Arguments> transportsAndPresets() {
        return Stream.of(TransportSpec.MMIO, TransportSpec.PCI)
                .flatMap(transport -> Stream.of(ThreadingPreset.BIG_LOCK, ThreadingPreset.IOTHREAD)
                        .map(preset -> Arguments.of(transport, preset)));
    }

    @ParameterizedTest
    @MethodSource("transportsAndPresets")
    @Timeout(60)
    @SpecClause({"VIRTIO-1.2 2.6.1.1.1", "VIRTIO-1.2 2.6.1.1.2"})
    void queueResetWithSlowRequests_isCompleteWhenTheyAre(TransportSpec transport, ThreadingPreset threading) {
        DiskSpec slow = disk(false, 100_000_000);
        try (Machine machine = Machine.build(MachineSpecs.with(transport, MachineSpecs.of(threading, slow)))) {
            machine.start();
            try (GuestDisk guest = new GuestDisk(machine, 0)) {
                long gpa = machine.allocator().allocate(BYTES, BYTES);
                BlkDriverQueue queue = guest.queues.getFirst();
                List<Integer> heads = List.of(
                        queue.submit(BlkConstants.VIRTIO_BLK_T_IN, 0, gpa, 512),
                        queue.submit(BlkConstants.VIRTIO_BLK_T_IN, 1, gpa, 512));
                queue.publish();
                awaitTaken(machine, 2);
                guest.transport.resetQueue(0);
                assertThat(List.of(queue.poll(), queue.poll()))
                        .as("finished before the reset was")
                        .containsExactlyInAnyOrderElementsOf(heads);
                queue.submit(BlkConstants.VIRTIO_BLK_T_IN, 0, gpa, 512);
                queue.publish();
                guest.transport.kick(0);
                BlkDriverQueue other = guest.queues.get(1);
                other.submit(BlkConstants.VIRTIO_BLK_T_IN, 0, gpa, 512);
                other.publish();
                awaitTaken(machine, 3);
                assertThat(queue.hasUsed()).isFalse();
            }
        }
    }

    private static void awaitTaken(Machine machine, int requests) {
        while (machine.snapshot().total(CounterId.REQUESTS) < requests) {
            Thread.onSpinWait();
        }
    }
}
