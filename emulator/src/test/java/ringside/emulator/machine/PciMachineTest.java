package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.VirtioFeatures;

/** Machines whose disks are PCI functions: found by enumeration, with every number of vectors, data compared. */
class PciMachineTest {
    private static final int BYTES = 4096;
    private static final int REQUESTS = 500;

    @TempDir
    private Path folder;

    static Stream<Arguments> presetsAndVectors() {
        return Stream.of(ThreadingPreset.values())
                .filter(preset -> preset != ThreadingPreset.DATA_PLANE_1_4)
                .flatMap(preset -> IntStream.of(TransportSpec.VECTORS_AUTO, 0, 1, 2, 3, 64)
                        .mapToObj(vectors -> Arguments.of(preset, vectors)));
    }

    @ParameterizedTest
    @MethodSource("presetsAndVectors")
    void rawFile_keepsWhatWasWritten(ThreadingPreset threading, int vectors) throws IOException {
        DiskSpec disk = MachineSpecs.plain("disk0", image(), 3);
        TransportSpec transport = new TransportSpec(TransportSpec.Kind.PCI, vectors, vectors == 2);
        byte[] data = new byte[REQUESTS * BYTES];
        new SplittableRandom(vectors).nextBytes(data);
        try (Machine machine = Machine.build(MachineSpecs.with(transport, MachineSpecs.of(threading, disk)))) {
            machine.start();
            try (GuestDisk guest = new GuestDisk(machine, 0)) {
                long out = machine.allocator().allocate(data.length, BYTES);
                long in = machine.allocator().allocate(data.length, BYTES);
                MemorySegment.copy(data, 0, buffer(machine, out), ValueLayout.JAVA_BYTE, 0, data.length);
                assertThat(guest.transfer(VIRTIO_BLK_T_OUT, 16, out, BYTES, REQUESTS))
                        .containsOnly(0);
                assertThat(guest.transfer(VIRTIO_BLK_T_IN, 16, in, BYTES, REQUESTS))
                        .containsOnly(0);
                assertThat(buffer(machine, in).mismatch(buffer(machine, out))).isEqualTo(-1);
                assertThat(guest.driver.capacityBytes()).isEqualTo(8L << 20);
            }
        }
    }

    private BlockNodeSpec.Raw image() throws IOException {
        Path file = folder.resolve("disk.img");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(8L << 20);
        }
        return MachineSpecs.raw(file, CacheMode.WRITEBACK, AioKind.THREADS);
    }

    private static MemorySegment buffer(Machine machine, long gpa) {
        return machine.memory().ram().asSlice(machine.memory().translate(gpa, REQUESTS * BYTES), REQUESTS * BYTES);
    }

    /** More than the devices of one bus. */
    @Test
    void fortyDisks_areFoundEachInItsSlot() {
        DiskSpec[] disks = IntStream.range(0, 40)
                .mapToObj(d -> new DiskSpec(
                        "disk" + d, new BlockNodeSpec.Null((d + 1L) << 20, 0, true), 1, 16, true, true, false, "s" + d))
                .toArray(DiskSpec[]::new);
        MachineSpec spec = MachineSpecs.of(ThreadingPreset.IOTHREAD, disks);
        try (Machine machine = Machine.build(MachineSpecs.with(TransportSpec.PCI, spec))) {
            machine.start();
            for (int d = 0; d < disks.length; d++) {
                try (GuestDisk guest = new GuestDisk(machine, d)) {
                    assertThat(guest.driver.capacityBytes()).isEqualTo((d + 1L) << 20);
                    long gpa = machine.allocator().allocate(4096, 4096);
                    assertThat(guest.transfer(VIRTIO_BLK_T_IN, 0, gpa, 512, 8)).containsOnly(0);
                }
            }
        }
    }

    @Test
    void secondInitialisation_worksAsTheFirst() {
        MachineSpec spec =
                MachineSpecs.of(ThreadingPreset.IOTHREAD_VQ_MAPPING, DiskSpec.of("disk0", MachineSpecs.nullNode(), 2));
        try (Machine machine = Machine.build(MachineSpecs.with(TransportSpec.PCI, spec))) {
            machine.start();
            for (int life = 0; life < 5; life++) {
                try (GuestDisk disk = new GuestDisk(machine, 0)) {
                    long gpa = machine.allocator().allocate(64 * 512, 512);
                    assertThat(disk.transfer(VIRTIO_BLK_T_IN, 0, gpa, 512, 64)).containsOnly(0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TransportSpec.Kind.class)
    void notificationData_isUsedWhereItIsOffered(TransportSpec.Kind kind) {
        MachineSpec spec = MachineSpecs.of(ThreadingPreset.IOTHREAD, DiskSpec.of("disk0", MachineSpecs.nullNode(), 2));
        for (boolean offered : new boolean[] {true, false}) {
            TransportSpec transport = new TransportSpec(kind, TransportSpec.VECTORS_AUTO, offered);
            try (Machine machine = Machine.build(MachineSpecs.with(transport, spec))) {
                machine.start();
                try (GuestDisk disk = new GuestDisk(machine, 0)) {
                    assertThat(disk.driver.has(VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA))
                            .isEqualTo(offered);
                    long gpa = machine.allocator().allocate(REQUESTS * BYTES, BYTES);
                    assertThat(disk.transfer(VIRTIO_BLK_T_IN, 0, gpa, BYTES, REQUESTS))
                            .containsOnly(0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 2049})
    void impossibleNumberOfVectors_isRefusedInOneLine(int vectors) {
        assertThatThrownBy(() -> new TransportSpec(TransportSpec.Kind.PCI, vectors, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vectors must be auto or 0..2048, it is " + vectors);
    }
}
