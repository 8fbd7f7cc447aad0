package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.blk.BlkConstants;

/** A disk grows and shrinks while its guest uses it. */
class MachineResizeTest {
    private static final int SMALL = 1 << 20;
    private static final int LARGE = 2 << 20;
    private static final int BLOCK = 4096;

    @TempDir
    Path folder;

    private BlockNodeSpec.Raw image() throws IOException {
        Path file = folder.resolve("disk.raw");
        Files.write(file, new byte[SMALL]);
        return MachineSpecs.raw(file, CacheMode.WRITEBACK, AioKind.THREADS);
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingPreset.class,
            names = {"BIG_LOCK", "MAIN_LOOP", "IOTHREAD", "IOTHREAD_VQ_MAPPING"})
    void resizeUnderLoad_losesNoRequest(ThreadingPreset threading) throws IOException {
        DiskSpec disk = DiskSpec.of("disk0", image(), 2);
        try (Machine machine = Machine.build(MachineSpecs.of(threading, disk))) {
            machine.start();
            long data = machine.allocator().allocate(SMALL, BLOCK);
            try (GuestDisk guest = new GuestDisk(machine, 0)) {
                AtomicBoolean done = new AtomicBoolean();
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                    do {
                        int type = BlkConstants.VIRTIO_BLK_T_OUT;
                        assertThat(guest.transfer(type, 0, data, BLOCK, SMALL / BLOCK))
                                .containsOnly(BlkConstants.VIRTIO_BLK_S_OK);
                    } while (!done.get());
                });
                for (int i = 0; i < 20; i++) {
                    machine.resize(0, i % 2 == 0 ? LARGE : SMALL);
                }
                machine.resize(0, LARGE);
                done.set(true);
                load.join();
                assertThat(guest.driver.capacityBytes()).isEqualTo(LARGE);
                int last = LARGE / 512 - BLOCK / 512;
                assertThat(guest.transfer(BlkConstants.VIRTIO_BLK_T_OUT, last, data, BLOCK, 1))
                        .isEqualTo(List.of(BlkConstants.VIRTIO_BLK_S_OK));
                machine.resize(0, SMALL);
                assertThat(guest.transfer(BlkConstants.VIRTIO_BLK_T_OUT, last, data, BLOCK, 1))
                        .isEqualTo(List.of(BlkConstants.VIRTIO_BLK_S_IOERR));
            }
        }
        assertThat(folder.resolve("disk.raw")).hasSize(SMALL);
    }

    @Test
    void storageThatCannotChange_saysSo() throws IOException {
        BlockNodeSpec.Raw raw = image();
        BlockNodeSpec.Raw readOnly = new BlockNodeSpec.Raw(raw.file(), raw.cache(), raw.aio(), false, true, false);
        try (Machine machine =
                Machine.build(MachineSpecs.of(ThreadingPreset.MAIN_LOOP, DiskSpec.of("disk0", readOnly, 1)))) {
            machine.start();
            assertThatThrownBy(() -> machine.resize(0, LARGE)).hasMessageContainingAll("disk.raw", "read-only");
            assertThatThrownBy(() -> machine.resize(0, LARGE + 1)).hasMessageContaining("multiple");
        }
    }
}
