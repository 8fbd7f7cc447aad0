package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.SpecClause;
import ringside.emulator.transport.MmioRegisters;

/** The size changes while the disk is used. */
@SpecClause({"VIRTIO-1.2 2.5.2", "VIRTIO-1.2 4.2.2.1", "VIRTIO-1.4 5.2.6.2"})
class BlkResizeTest {
    private final BlkFixture blk = new BlkFixture();

    @AfterEach
    void close() {
        blk.close();
    }

    private void resize(long bytes) {
        blk.lock.lock();
        try {
            blk.device.resize(bytes);
        } finally {
            blk.lock.unlock();
        }
    }

    private int readLastOf(long bytes) {
        blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_IN, bytes / 512 - 1);
        return new BlkChain(blk)
                .readable(SCRATCH, 16)
                .writable(SCRATCH + 0x1000, 512)
                .writable(SCRATCH + 0x800, 1)
                .send()
                .status();
    }

    @Test
    void driverIsToldAndSeesTheNewSize() {
        blk.startWithAll();
        long generation = blk.read(MmioRegisters.CONFIG_GENERATION);
        resize(DISK_BYTES / 2);
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS) & MmioRegisters.INTERRUPT_CONFIG)
                .isNotZero();
        assertThat(blk.interrupts).isPositive();
        assertThat(blk.read(MmioRegisters.CONFIG_GENERATION)).isNotEqualTo(generation);
        assertThat(blk.config(BlkConstants.CONFIG_CAPACITY, 4)).isEqualTo(DISK_BYTES / 2 / 512);
        assertThat(readLastOf(DISK_BYTES / 2)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
        assertThat(readLastOf(DISK_BYTES)).isEqualTo(BlkConstants.VIRTIO_BLK_S_IOERR);
        resize(DISK_BYTES);
        assertThat(readLastOf(DISK_BYTES)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
    }

    @Test
    void driverThatIsNotReady_isNotInterrupted() {
        resize(DISK_BYTES / 2);
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
        assertThat(blk.interrupts).isZero();
        assertThat(blk.config(BlkConstants.CONFIG_CAPACITY, 4)).isEqualTo(DISK_BYTES / 2 / 512);
    }

    /** What is in flight was judged by the old size, so it ends first; what comes meanwhile is judged by the new one. */
    @Test
    void requestsInFlight_endBeforeTheStorageShrinks() {
        blk.startWithAll();
        blk.node.hold();
        blk.header(SCRATCH, BlkConstants.VIRTIO_BLK_T_IN, DISK_BYTES / 512 - 1);
        BlkChain chain = new BlkChain(blk)
                .readable(SCRATCH, 16)
                .writable(SCRATCH + 0x1000, 512)
                .writable(SCRATCH + 0x800, 1);
        chain.offer(0, 0);
        blk.kick(0);
        assertThat(blk.node.waiting()).isOne();
        blk.whileDraining(() -> {
            chain.offer(0, 8);
            blk.kick(0);
            assertThat(blk.node.waiting()).as("nothing is taken meanwhile").isOne();
        });
        resize(DISK_BYTES / 2);
        blk.whileDraining(() -> {});
        assertThat(blk.rings.getFirst().usedIdx()).isEqualTo(2);
        assertThat(blk.rings.getFirst().bytes(SCRATCH + 0x800, 1)[0]).isEqualTo((byte) BlkConstants.VIRTIO_BLK_S_IOERR);
        assertThat(blk.node.seen).hasSize(1);
    }

    @Test
    void sizeThatTheStorageRefuses_changesNothing() {
        blk.startWithAll();
        assertThatThrownBy(() -> resize(2 * DISK_BYTES)).hasMessageContaining("only");
        assertThatThrownBy(() -> resize(DISK_BYTES - 1)).hasMessageContaining("multiple");
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
        assertThat(readLastOf(DISK_BYTES)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
    }
}
