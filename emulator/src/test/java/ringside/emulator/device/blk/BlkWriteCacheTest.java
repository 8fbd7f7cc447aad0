package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_F_CONFIG_WCE;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_F_FLUSH;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.SpecClause;
import ringside.emulator.transport.MmioRegisters;

/** When a write must be stable before it completes: seen in the block requests that the device makes. */
@SpecClause({"VIRTIO-1.2 5.2.5.2", "VIRTIO-1.2 5.2.6.2"})
class BlkWriteCacheTest {
    private static final int WRITEBACK = MmioRegisters.CONFIG + BlkConstants.CONFIG_WRITEBACK;

    /** Columns: cache of the node, FLUSH and CONFIG_WCE negotiated, what writeback then reads. */
    @ParameterizedTest
    @CsvSource({
        "true,true,true,1", "true,true,false,1", "true,false,true,0", "true,false,false,0",
        "false,true,true,0", "false,true,false,0", "false,false,true,0", "false,false,false,0"
    })
    void negotiationDecidesTheWriteCache(boolean cache, boolean flush, boolean wce, int writeback) {
        try (BlkFixture blk = started(cache, flush, wce)) {
            assertThat(blk.transport.read(WRITEBACK, 1)).isEqualTo(writeback);
            assertStableWrites(blk, writeback == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void switchOfTheDriver_countsFromTheNextRequestOn(boolean flush) {
        try (BlkFixture blk = started(true, flush, true)) {
            blk.transport.write(WRITEBACK, 1, 0);
            assertStableWrites(blk, true);
            blk.transport.write(WRITEBACK, 1, 1);
            assertThat(blk.transport.read(WRITEBACK, 1)).isEqualTo(1);
            assertStableWrites(blk, false);
            blk.transport.write(WRITEBACK, 1, 0);
            assertStableWrites(blk, true);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,1", "false,0"})
    void switchWithoutConfigWce_isIgnored(boolean flush, int writeback) {
        try (BlkFixture blk = started(true, flush, false)) {
            blk.transport.write(WRITEBACK, 1, 1 - writeback);
            assertThat(blk.transport.read(WRITEBACK, 1)).isEqualTo(writeback);
            assertStableWrites(blk, !flush);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void reset_restoresTheCacheOfTheNode(boolean cache) {
        try (BlkFixture blk = started(cache, true, true)) {
            blk.transport.write(WRITEBACK, 1, cache ? 0 : 1);
            blk.write(MmioRegisters.STATUS, 0);
            assertThat(blk.transport.read(WRITEBACK, 1)).isEqualTo(cache ? 1 : 0);
        }
    }

    private static BlkFixture started(boolean cache, boolean flush, boolean wce) {
        BlkFixture blk =
                new BlkFixture(BlkFixture.settings(1, true, true), new RecordingNode(DISK_BYTES, false, cache));
        return blk.start(
                (flush ? VIRTIO_BLK_F_FLUSH : 0) | (wce ? VIRTIO_BLK_F_CONFIG_WCE : 0) | VIRTIO_BLK_F_WRITE_ZEROES);
    }

    private static void assertStableWrites(BlkFixture blk, boolean stable) {
        blk.node.seen.clear();
        send(blk, BlkConstants.VIRTIO_BLK_T_OUT, 512);
        send(blk, BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES, 16);
        assertThat(blk.node.seen)
                .hasSize(2)
                .allSatisfy(seen -> assertThat(seen.fua()).as("%s", seen).isEqualTo(stable));
    }

    private static void send(BlkFixture blk, int type, int bytes) {
        blk.rings
                .getFirst()
                .put(
                        SCRATCH + 0x1000,
                        ByteBuffer.allocate(512)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(0)
                                .putInt(8)
                                .array());
        blk.header(SCRATCH, type, 0);
        BlkChain.Answer answer = new BlkChain(blk)
                .readable(SCRATCH, 16)
                .readable(SCRATCH + 0x1000, bytes)
                .writable(SCRATCH + 0x800, 1)
                .send();
        assertThat(answer.status()).isZero();
    }
}
