package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.trace.CounterId;

/** Whole machines: every arrangement of threads, driven through the registers, with the data compared. */
class MachineTest {
    private static final int BYTES = 4096;
    private static final int REQUESTS = 1000;
    private static final long SEED = 0xd15c_0001L;

    @TempDir
    private Path folder;

    private static Machine buildOrSkip(MachineSpec spec) {
        try {
            Machine machine = Machine.build(spec);
            machine.start();
            return machine;
        } catch (NativeException e) {
            return Assumptions.abort("this host refuses the engine: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            Assumptions.assumeFalse(String.valueOf(e.getMessage()).contains("O_DIRECT"), e.getMessage());
            throw e;
        }
    }

    private Path image(long bytes) throws IOException {
        Path file = folder.resolve("disk.img");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
        }
        return file;
    }

    private static byte[] randomData() {
        byte[] data = new byte[REQUESTS * BYTES];
        new SplittableRandom(SEED).nextBytes(data);
        return data;
    }

    private static MemorySegment guestBuffer(Machine machine, long gpa) {
        return machine.memory().ram().asSlice(machine.memory().translate(gpa, REQUESTS * BYTES), REQUESTS * BYTES);
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingPreset.class, names = "DATA_PLANE_1_4", mode = EnumSource.Mode.EXCLUDE)
    void nullDisks_completeEveryRequestOfEveryQueue(ThreadingPreset threading) {
        MachineSpec spec = MachineSpecs.of(
                threading,
                DiskSpec.of("disk0", MachineSpecs.nullNode(), 3),
                DiskSpec.of("disk1", new BlockNodeSpec.Null(64L << 20, 20_000, true), 1));
        try (Machine machine = buildOrSkip(spec)) {
            for (int d = 0; d < 2; d++) {
                try (GuestDisk disk = new GuestDisk(machine, d)) {
                    long gpa = machine.allocator().allocate(REQUESTS * BYTES, BYTES);
                    guestBuffer(machine, gpa).fill((byte) 0x33);
                    assertThat(disk.transfer(VIRTIO_BLK_T_IN, 0, gpa, BYTES, REQUESTS))
                            .containsOnly(0);
                    assertThat(guestBuffer(machine, gpa).mismatch(MemorySegment.ofArray(new byte[REQUESTS * BYTES])))
                            .as("the null disk reads zeroes")
                            .isEqualTo(-1);
                    assertThat(disk.transfer(VIRTIO_BLK_T_OUT, 0, gpa, BYTES, REQUESTS))
                            .containsOnly(0);
                }
            }
            MachineSnapshot snapshot = machine.snapshot();
            assertThat(snapshot.total(CounterId.REQUESTS)).isEqualTo(4 * REQUESTS);
            assertThat(snapshot.total(CounterId.REQUESTS_FAILED)).isZero();
            assertThat(snapshot.total(CounterId.REQUESTS_INVALID)).isZero();
            assertThat(snapshot.lockHoldNs().count()).isPositive();
        }
    }

    static Stream<Arguments> arrangementsAndEngines() {
        return Arrays.stream(ThreadingPreset.values())
                .flatMap(preset -> Arrays.stream(AioKind.values())
                        .filter(aio -> preset != ThreadingPreset.DATA_PLANE_1_4
                                || aio == AioKind.NATIVE
                                || aio == AioKind.IO_URING)
                        .map(aio -> Arguments.of(preset, aio)));
    }

    @ParameterizedTest
    @MethodSource("arrangementsAndEngines")
    void rawFile_keepsWhatWasWritten(ThreadingPreset threading, AioKind aio) throws IOException {
        Path file = image(8L << 20);
        boolean dataPlane = threading == ThreadingPreset.DATA_PLANE_1_4;
        CacheMode cache = dataPlane || aio == AioKind.NATIVE ? CacheMode.NONE : CacheMode.WRITEBACK;
        DiskSpec disk = MachineSpecs.plain("disk0", MachineSpecs.raw(file, cache, aio), dataPlane ? 1 : 2);
        byte[] data = randomData();
        try (Machine machine = buildOrSkip(MachineSpecs.of(threading, disk));
                GuestDisk guest = new GuestDisk(machine, 0)) {
            long out = machine.allocator().allocate(data.length, BYTES);
            long in = machine.allocator().allocate(data.length, BYTES);
            MemorySegment.copy(data, 0, guestBuffer(machine, out), ValueLayout.JAVA_BYTE, 0, data.length);
            assertThat(guest.transfer(VIRTIO_BLK_T_OUT, 16, out, BYTES, REQUESTS))
                    .containsOnly(0);
            assertThat(guest.transfer(VIRTIO_BLK_T_IN, 16, in, BYTES, REQUESTS)).containsOnly(0);
            assertThat(guestBuffer(machine, in).mismatch(guestBuffer(machine, out)))
                    .isEqualTo(-1);
            assertThat(guest.driver.capacityBytes()).isEqualTo(8L << 20);
        }
        byte[] fromOutside = Files.readAllBytes(file);
        assertThat(Arrays.equals(fromOutside, 16 * 512, 16 * 512 + data.length, data, 0, data.length))
                .as("the bytes of the file")
                .isTrue();
        assertThat(Arrays.copyOf(fromOutside, 16 * 512)).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingPreset.class, names = "DATA_PLANE_1_4", mode = EnumSource.Mode.EXCLUDE)
    void secondInitialisation_worksAsTheFirst(ThreadingPreset threading) {
        MachineSpec spec = MachineSpecs.of(threading, DiskSpec.of("disk0", MachineSpecs.nullNode(), 2));
        try (Machine machine = buildOrSkip(spec)) {
            for (int life = 0; life < 5; life++) {
                try (GuestDisk disk = new GuestDisk(machine, 0)) {
                    long gpa = machine.allocator().allocate(64 * 512, 512);
                    assertThat(disk.transfer(VIRTIO_BLK_T_IN, 0, gpa, 512, 64)).containsOnly(0);
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void machineClosedWithRequestsInFlight_waitsForThem() {
        DiskSpec slow = DiskSpec.of("disk0", new BlockNodeSpec.Null(1L << 20, 50_000_000, true), 1);
        for (ThreadingPreset threading : List.of(ThreadingPreset.BIG_LOCK, ThreadingPreset.IOTHREAD)) {
            Machine machine = buildOrSkip(MachineSpecs.of(threading, slow));
            GuestDisk disk = new GuestDisk(machine, 0);
            long gpa = machine.allocator().allocate(4096, 512);
            for (int i = 0; i < 8; i++) {
                disk.queues.getFirst().submit(VIRTIO_BLK_T_IN, i, gpa + 512L * i, 512);
            }
            disk.queues.getFirst().publish();
            machine.close();
            assertThat(machine.loopThreads().values()).noneMatch(Thread::isAlive);
        }
    }

    @Test
    void explicitMapping_sendsEachQueueToItsIoThread() {
        MachineSpec spec = MachineSpecs.of(
                ThreadingPreset.IOTHREAD_VQ_MAPPING,
                2,
                List.of(List.of(0, 2), List.of(1)),
                DiskSpec.of("disk0", MachineSpecs.nullNode(), 3));
        try (Machine machine = buildOrSkip(spec);
                GuestDisk disk = new GuestDisk(machine, 0)) {
            assertThat(machine.idleIoThreads()).isEmpty();
            assertThat(machine.loopThreads().keySet()).contains("main-loop", "iothread0", "iothread1");
            long gpa = machine.allocator().allocate(300 * 512, 512);
            assertThat(disk.transfer(VIRTIO_BLK_T_IN, 0, gpa, 512, 300)).containsOnly(0);
        }
    }

    @Test
    void moreIoThreadsThanQueues_areReportedIdle() {
        MachineSpec spec = MachineSpecs.of(
                ThreadingPreset.IOTHREAD, 3, List.of(), DiskSpec.of("disk0", MachineSpecs.nullNode(), 4));
        try (Machine machine = Machine.build(spec)) {
            assertThat(machine.idleIoThreads()).containsExactly("iothread1", "iothread2");
        }
    }
}
