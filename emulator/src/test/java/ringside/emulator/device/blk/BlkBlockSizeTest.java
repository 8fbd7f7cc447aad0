package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_IOERR;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_OK;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.SpecClause;

/** A disk with logical blocks of 4 KiB: sectors stay 512 bytes, but only whole blocks are served, as QEMU does. */
@SpecClause({"VIRTIO-1.2 5.2.5", "VIRTIO-1.2 5.2.6.1"})
class BlkBlockSizeTest {
    private final BlkFixture blk = new BlkFixture(
                    BlkFixture.settings(
                            BlkOptions.DEFAULT.change().logicalBlockBytes(4096).build()),
                    new RecordingNode(DISK_BYTES, false, true))
            .startWithAll();

    @AfterEach
    void close() {
        blk.close();
    }

    private int send(int type, long sector, int outBytes, int inBytes) {
        blk.header(SCRATCH, type, sector);
        BlkChain chain = new BlkChain(blk).readable(SCRATCH, 16);
        if (outBytes > 0) {
            chain.readable(SCRATCH + 0x1000, outBytes);
        }
        if (inBytes > 0) {
            chain.writable(SCRATCH + 0x1000, inBytes);
        }
        return chain.writable(SCRATCH + 0x800, 1).send().status();
    }

    @ParameterizedTest
    @CsvSource({"0,4096,0", "8,8192,0", "2040,4096,0", "1,4096,1", "0,512,1", "8,4608,1", "4,4096,1", "7,512,1"})
    void transferOfPartsOfBlocks_isAnError(long sector, int bytes, int status) {
        assertThat(send(VIRTIO_BLK_T_IN, sector, 0, bytes)).isEqualTo(status);
        assertThat(send(VIRTIO_BLK_T_OUT, sector, bytes, 0)).isEqualTo(status);
        assertThat(blk.node.seen).hasSize(status == VIRTIO_BLK_S_OK ? 2 : 0);
    }

    @ParameterizedTest
    @CsvSource({"8,8,0", "0,1,1", "1,8,1", "8,12,1"})
    void rangeOfPartsOfBlocks_isAnError(long sector, int sectors, int status) {
        byte[] range = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sector)
                .putInt(sectors)
                .array();
        blk.rings.getFirst().put(SCRATCH + 0x1000, range);
        assertThat(send(BlkConstants.VIRTIO_BLK_T_DISCARD, 0, 16, 0)).isEqualTo(status);
        assertThat(send(BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES, 0, 16, 0)).isEqualTo(status);
        assertThat(status).isIn(VIRTIO_BLK_S_OK, VIRTIO_BLK_S_IOERR);
        assertThat(blk.node.seen).hasSize(status == VIRTIO_BLK_S_OK ? 2 : 0);
    }
}
