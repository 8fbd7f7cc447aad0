package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.SpecClause;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.trace.CounterId;

/** Whole machines on split and packed rings of every kind of size: data written comes back. */
@SpecClause({"VIRTIO-1.2 2.7", "VIRTIO-1.2 2.8", "VIRTIO-1.2 6.2"})
class RingFormatsTest {
    private static final int REQUESTS = 2_000;
    private static final int BYTES = 512;
    private static final long DISK_BYTES = 4L << 20;

    @TempDir
    Path folder;

    private static DiskSpec disk(BlockNodeSpec node, int size, boolean packed, boolean indirect, boolean inOrder) {
        BlkOptions options =
                BlkOptions.DEFAULT.change().packed(packed).inOrder(inOrder).build();
        return new DiskSpec("disk0", node, 2, size, indirect, size % 2 == 0, false, "serial", false, options);
    }

    @ParameterizedTest(name = "size {0}, packed {1}, indirect {2}, in order {3}, {4}")
    @CsvSource({
        "1,false,true,false,MMIO",
        "2,false,true,true,PCI",
        "4,false,false,false,MMIO",
        "128,false,true,true,MMIO",
        "32768,false,false,true,MMIO",
        "1,true,true,false,MMIO",
        "2,true,true,true,MMIO",
        "3,true,false,false,PCI",
        "7,true,false,true,MMIO",
        "100,true,true,false,PCI",
        "256,true,false,false,MMIO",
        "257,true,true,true,MMIO",
        "32768,true,true,false,MMIO",
        "32767,true,false,true,MMIO"
    })
    void everySize_keepsWhatWasWritten(
            int size, boolean packed, boolean indirect, boolean inOrder, TransportSpec.Kind transport)
            throws IOException {
        Path file = folder.resolve("disk.raw");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(DISK_BYTES);
        }
        BlockNodeSpec node = MachineSpecs.raw(file, CacheMode.WRITEBACK, AioKind.THREADS);
        MachineSpec spec = MachineSpecs.with(
                new TransportSpec(transport, TransportSpec.VECTORS_AUTO, indirect),
                MachineSpecs.of(ThreadingPreset.IOTHREAD, disk(node, size, packed, indirect, inOrder)));
        byte[] data = new byte[REQUESTS * BYTES];
        new SplittableRandom(size).nextBytes(data);
        try (Machine machine = Machine.build(spec)) {
            machine.start();
            try (GuestDisk guest = new GuestDisk(machine, 0)) {
                assertThat(guest.driver.has(VirtioFeatures.VIRTIO_F_RING_PACKED))
                        .isEqualTo(packed);
                assertThat(guest.driver.has(VirtioFeatures.VIRTIO_F_IN_ORDER)).isEqualTo(inOrder);
                assertThat(guest.queues.getFirst().heads()).isEqualTo(size);
                long out = machine.allocator().allocate(data.length, BYTES);
                long in = machine.allocator().allocate(data.length, BYTES);
                buffer(machine, out).copyFrom(MemorySegment.ofArray(data));
                assertThat(guest.transfer(VIRTIO_BLK_T_OUT, 16, out, BYTES, REQUESTS))
                        .containsOnly(0);
                assertThat(guest.transfer(VIRTIO_BLK_T_IN, 16, in, BYTES, REQUESTS))
                        .containsOnly(0);
                assertThat(buffer(machine, in).mismatch(buffer(machine, out))).isEqualTo(-1);
            }
            assertThat(machine.snapshot().total(CounterId.REQUESTS_INVALID)).isZero();
        }
    }

    private static MemorySegment buffer(Machine machine, long gpa) {
        return machine.memory().ram().asSlice(machine.memory().translate(gpa, REQUESTS * BYTES), REQUESTS * BYTES);
    }

    static Stream<Arguments> presetsAndFormats() {
        return Arrays.stream(ThreadingPreset.values())
                .filter(preset -> preset != ThreadingPreset.DATA_PLANE_1_4)
                .flatMap(preset -> Stream.of(
                        Arguments.of(preset, true, false),
                        Arguments.of(preset, true, true),
                        Arguments.of(preset, false, true)));
    }

    /** Five lives: a reset begins with fresh rings and wrap counters. */
    @ParameterizedTest(name = "{0}, packed {1}, in order {2}")
    @MethodSource("presetsAndFormats")
    void everyPreset_completesEveryRequestInEveryLife(ThreadingPreset threading, boolean packed, boolean inOrder) {
        DiskSpec disk =
                disk(new BlockNodeSpec.Null(DISK_BYTES, 20_000, true), 33 - (packed ? 0 : 1), packed, true, inOrder);
        try (Machine machine = Machine.build(MachineSpecs.of(threading, disk))) {
            machine.start();
            for (int life = 0; life < 5; life++) {
                try (GuestDisk guest = new GuestDisk(machine, 0)) {
                    long gpa = machine.allocator().allocate(200 * BYTES, BYTES);
                    List<Integer> status = guest.transfer(VIRTIO_BLK_T_IN, 0, gpa, BYTES, 200);
                    assertThat(status).containsOnly(0);
                }
            }
        }
    }
}
