package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_IOERR;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_OK;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_UNSUPP;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_DISCARD;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.BlockOp;

/** DISCARD and WRITE_ZEROES. */
@SpecClause({"VIRTIO-1.2 5.2.6.1", "VIRTIO-1.2 5.2.6.2"})
class BlkRangeTest {
    private static final long HEADER = SCRATCH;
    private static final long DATA = SCRATCH + 0x1000;
    private static final long STATUS = SCRATCH + 0x800;

    private final BlkFixture blk = new BlkFixture();

    @AfterEach
    void close() {
        blk.close();
    }

    private int send(int type, long sector, int sectors, int flags, int bytes) {
        blk.rings
                .getFirst()
                .put(
                        DATA,
                        ByteBuffer.allocate(64)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(sector)
                                .putInt(sectors)
                                .putInt(flags)
                                .array());
        blk.header(HEADER, type, 0);
        BlkChain chain = new BlkChain(blk).readable(HEADER, 16);
        if (bytes > 0) {
            chain.readable(DATA, bytes);
        }
        BlkChain.Answer answer = chain.writable(STATUS, 1).send();
        assertThat(answer.usedLen()).isEqualTo(1);
        return answer.status();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void writeZeroes_makesTheRangeReadAsZeroes(int flags) {
        blk.startWithAll();
        assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, 4, 8, flags, 16)).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.bytes(4 * 512, 8 * 512)).containsOnly(0);
        assertThat(blk.node.bytes(4 * 512 - 1, 1)[0]).isNotZero();
        assertThat(blk.node.bytes(12 * 512, 1)[0]).isNotZero();
        assertThat(blk.node.seen).singleElement().satisfies(seen -> {
            assertThat(seen.op()).isEqualTo(BlockOp.WRITE_ZEROES);
            assertThat(seen.mayUnmap()).isEqualTo(flags == 1);
        });
    }

    @Test
    void discard_reachesTheBlockLayer() {
        blk.startWithAll();
        assertThat(send(VIRTIO_BLK_T_DISCARD, 16, 24, 0, 16)).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen)
                .containsExactly(new RecordingNode.Seen(BlockOp.DISCARD, 16 * 512, 24 * 512, false, false, 0));
    }

    @Test
    void reservedFlags_areUnsupported() {
        blk.startWithAll();
        for (int bit = 0; bit < 32; bit++) {
            assertThat(send(VIRTIO_BLK_T_DISCARD, 0, 8, 1 << bit, 16))
                    .as("bit %d", bit)
                    .isEqualTo(VIRTIO_BLK_S_UNSUPP);
            if (bit > 0) {
                assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, 0, 8, 1 << bit, 16)).isEqualTo(VIRTIO_BLK_S_UNSUPP);
                assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, 0, 8, 1 | 1 << bit, 16))
                        .isEqualTo(VIRTIO_BLK_S_UNSUPP);
            }
        }
        assertThat(blk.node.seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 32, 48})
    void listThatIsNotOneRange_isAnError(int bytes) {
        blk.startWithAll();
        assertThat(send(VIRTIO_BLK_T_DISCARD, 0, 8, 0, bytes)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, 0, 8, 0, bytes)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(blk.node.seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2048,1",
        "2047,2",
        "0,2049",
        "0,-1",
        "-1,1",
        "-8,16",
        "9223372036854775807,1",
        "36028797018963968,8",
        "0,2097153"
    })
    void rangeBeyondCapacityOrMaximum_isAnError(long sector, int sectors) {
        blk.startWithAll();
        assertThat(send(VIRTIO_BLK_T_DISCARD, sector, sectors, 0, 16)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, sector, sectors, 1, 16)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void emptyRange_succeedsWithoutBlockIo() {
        blk.startWithAll();
        assertThat(send(VIRTIO_BLK_T_DISCARD, 0, 0, 0, 16)).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, DISK_BYTES / 512, 0, 0, 16)).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void notNegotiated_isUnsupported() {
        blk.start(BlkConstants.VIRTIO_BLK_F_FLUSH);
        assertThat(send(VIRTIO_BLK_T_DISCARD, 0, 8, 0, 16)).isEqualTo(VIRTIO_BLK_S_UNSUPP);
        assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, 0, 8, 0, 16)).isEqualTo(VIRTIO_BLK_S_UNSUPP);
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void rangeListInPieces_isGathered() {
        blk.startWithAll();
        byte[] list = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(2)
                .putInt(1)
                .putInt(0)
                .array();
        blk.rings.getFirst().put(DATA, list);
        blk.header(HEADER, VIRTIO_BLK_T_WRITE_ZEROES, 0);
        BlkChain.Answer answer = new BlkChain(blk)
                .readable(HEADER, 16)
                .readable(DATA, 3)
                .readable(DATA + 3, 12)
                .readable(DATA + 15, 1)
                .writable(STATUS, 1)
                .send();
        assertThat(answer.status()).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.bytes(1024, 512)).containsOnly(0);
        assertThat(blk.node.bytes(1536, 1)[0]).isNotZero();
    }
}
