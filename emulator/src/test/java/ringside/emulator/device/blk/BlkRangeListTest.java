package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_IOERR;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_OK;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_UNSUPP;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_DISCARD;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_SECURE_ERASE;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.BlockOp;
import ringside.emulator.ffi.Errno;

/** Requests with several ranges, and secure erase. */
@SpecClause({"VIRTIO-1.2 5.2.6", "VIRTIO-1.2 5.2.6.1", "VIRTIO-1.2 5.2.6.2"})
class BlkRangeListTest {
    private static final int MAX_RANGES = 4;

    private BlkFixture blk;

    @BeforeEach
    void start() {
        RecordingNode node = new RecordingNode(DISK_BYTES, false, true);
        node.erases = true;
        BlkOptions options = BlkOptions.DEFAULT
                .change()
                .secureErase(true)
                .maxRanges(MAX_RANGES)
                .maxRangeSectors(1000)
                .build();
        blk = new BlkFixture(BlkFixture.settings(options), node).startWithAll();
    }

    @AfterEach
    void close() {
        blk.close();
    }

    /** Triples of sector, number of sectors, flags. */
    private int send(int type, long... triples) {
        ByteBuffer list = ByteBuffer.allocate(triples.length / 3 * 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < triples.length; i += 3) {
            list.putLong(triples[i]).putInt((int) triples[i + 1]).putInt((int) triples[i + 2]);
        }
        blk.rings.getFirst().put(SCRATCH + 0x1000, list.array());
        blk.header(SCRATCH, type, 0);
        return new BlkChain(blk)
                .readable(SCRATCH, 16)
                .readable(SCRATCH + 0x1000, list.capacity())
                .writable(SCRATCH + 0x800, 1)
                .send()
                .status();
    }

    @Test
    void everyRange_reachesTheBlockLayerInOrder() {
        assertThat(send(VIRTIO_BLK_T_WRITE_ZEROES, 8, 2, 1, 0, 1, 0, 30, 0, 0, 100, 1000, 1))
                .isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen)
                .containsExactly(
                        new RecordingNode.Seen(BlockOp.WRITE_ZEROES, 8 * 512, 1024, false, true, 0),
                        new RecordingNode.Seen(BlockOp.WRITE_ZEROES, 0, 512, false, false, 0),
                        new RecordingNode.Seen(BlockOp.WRITE_ZEROES, 100 * 512, 512_000, false, true, 0));
        assertThat(blk.node.bytes(0, 512)).containsOnly(0);
        assertThat(blk.node.bytes(8 * 512, 1024)).containsOnly(0);
        assertThat(blk.node.bytes(10 * 512, 1)[0]).isNotZero();
    }

    @Test
    void sameSlotWithFewerRanges_doesNotRepeatOldOnes() {
        assertThat(send(VIRTIO_BLK_T_DISCARD, 0, 1, 0, 1, 1, 0, 2, 1, 0)).isEqualTo(VIRTIO_BLK_S_OK);
        blk.node.seen.clear();
        assertThat(send(VIRTIO_BLK_T_DISCARD, 7, 1, 0)).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen).hasSize(1);
    }

    /** Nothing is done before everything was judged. */
    @ParameterizedTest
    @ValueSource(ints = {VIRTIO_BLK_T_DISCARD, VIRTIO_BLK_T_WRITE_ZEROES, VIRTIO_BLK_T_SECURE_ERASE})
    void oneBadRange_refusesAll(int type) {
        assertThat(send(type, 0, 1, 0, 0, 1001, 0)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(type, 0, 1, 0, 2048, 1, 0)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(type, 0, 1, 0, 2, 1, 2)).isEqualTo(VIRTIO_BLK_S_UNSUPP);
        assertThat(blk.node.seen).isEmpty();
    }

    /** Conformance R089, R090, R091. */
    @ParameterizedTest
    @ValueSource(ints = {VIRTIO_BLK_T_DISCARD, VIRTIO_BLK_T_WRITE_ZEROES, VIRTIO_BLK_T_SECURE_ERASE})
    void moreRangesThanAllowed_areAnError(int type) {
        assertThat(send(type, new long[3 * (MAX_RANGES + 1)])).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(type, new long[3 * 65_536 / 16])).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(type, new long[3 * MAX_RANGES])).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void failureOfOneRange_endsTheRequest() {
        blk.node.fail(Errno.EIO);
        assertThat(send(VIRTIO_BLK_T_DISCARD, 0, 1, 0, 1, 1, 0)).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(blk.node.seen).hasSize(1);
    }

    @Test
    void secureErase_erasesAndKnowsNoFlag() {
        assertThat(send(VIRTIO_BLK_T_SECURE_ERASE, 4, 4, 0)).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen)
                .singleElement()
                .satisfies(seen -> assertThat(seen.op()).isEqualTo(BlockOp.SECURE_ERASE));
        assertThat(blk.node.bytes(4 * 512, 4 * 512)).containsOnly(0);
        for (int bit = 0; bit < 32; bit++) {
            assertThat(send(VIRTIO_BLK_T_SECURE_ERASE, 4, 4, 1L << bit)).isEqualTo(VIRTIO_BLK_S_UNSUPP);
        }
    }

    @Test
    void secureEraseNotNegotiated_isUnsupported() {
        blk.close();
        blk = new BlkFixture().startWithAll();
        assertThat(send(VIRTIO_BLK_T_SECURE_ERASE, 4, 4, 0)).isEqualTo(VIRTIO_BLK_S_UNSUPP);
    }
}
