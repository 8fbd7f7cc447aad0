package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_IOERR;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_OK;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_UNSUPP;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_GET_ID;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.BlockOp;

/** Status and used length of right and wrong requests. */
class BlkRequestTest {
    private static final long HEADER = SCRATCH;
    private static final long DATA = SCRATCH + 0x1000;
    private static final long STATUS = SCRATCH + 0x800;
    private static final long SECTORS = DISK_BYTES / 512;

    private final BlkFixture blk = new BlkFixture().startWithAll();

    @AfterEach
    void close() {
        blk.close();
    }

    private BlkChain.Answer send(int type, long sector, int outBytes, int inBytes) {
        blk.header(HEADER, type, sector);
        BlkChain chain = new BlkChain(blk).readable(HEADER, 16);
        if (outBytes > 0) {
            chain.readable(DATA, outBytes);
        }
        if (inBytes > 0) {
            chain.writable(DATA, inBytes);
        }
        return chain.writable(STATUS, 1).send();
    }

    @ParameterizedTest
    @CsvSource({"0,512", "2047,512", "2040,4096", "0,1048576"})
    void rangeThatEndsAtTheCapacity_isServed(long sector, int bytes) {
        assertThat(send(VIRTIO_BLK_T_IN, sector, 0, bytes)).isEqualTo(new BlkChain.Answer(bytes + 1, VIRTIO_BLK_S_OK));
        assertThat(send(VIRTIO_BLK_T_OUT, sector, bytes, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_OK));
    }

    @ParameterizedTest
    @CsvSource({
        "2048,512",
        "2047,1024",
        "2041,4096",
        "-1,512",
        "-8,4096",
        "9223372036854775807,512",
        "36028797018963967,512",
        "36028797018963968,512",
        "-9223372036854775808,512",
        "-2048,1048576",
        "1,1048576"
    })
    @SpecClause("VIRTIO-1.2 5.2.6.1")
    void rangeBeyondTheCapacity_isAnErrorWithoutBlockIo(long sector, int bytes) {
        assertThat(send(VIRTIO_BLK_T_IN, sector, 0, bytes)).isEqualTo(new BlkChain.Answer(0, VIRTIO_BLK_S_IOERR));
        assertThat(send(VIRTIO_BLK_T_OUT, sector, bytes, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_IOERR));
        assertThat(blk.node.seen).isEmpty();
        assertThat(blk.broken()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 513, 1000})
    @SpecClause("VIRTIO-1.2 5.2.6.1")
    void lengthThatIsNoMultipleOf512_isAnError(int bytes) {
        assertThat(send(VIRTIO_BLK_T_IN, 0, 0, bytes)).isEqualTo(new BlkChain.Answer(0, VIRTIO_BLK_S_IOERR));
        assertThat(send(VIRTIO_BLK_T_OUT, 0, bytes, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_IOERR));
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void emptyTransfer_succeedsWithoutBlockIo() {
        assertThat(send(VIRTIO_BLK_T_IN, SECTORS, 0, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_OK));
        assertThat(send(VIRTIO_BLK_T_OUT, 0, 0, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_OK));
        assertThat(blk.node.seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 6, 7, 9, 10, 12, 14, 15, 100, 0x8000_0000, -1})
    @SpecClause("VIRTIO-1.2 5.2.6")
    void unknownType_isUnsupported(int type) {
        assertThat(send(type, 0, 512, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_UNSUPP));
        assertThat(send(type, 0, 0, 512)).isEqualTo(new BlkChain.Answer(0, VIRTIO_BLK_S_UNSUPP));
        assertThat(blk.node.seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"20,21", "0,1", "1,2", "19,20", "21,20", "4096,20"})
    @SpecClause({"VIRTIO-1.2 5.2.6.1", "VIRTIO-1.2 2.7.8.2"})
    void getId_writesAtMost20Bytes(int bufferBytes, long usedLen) {
        byte[] poison = new byte[4096];
        Arrays.fill(poison, (byte) 0x5a);
        blk.rings.getFirst().put(DATA, poison);
        assertThat(send(VIRTIO_BLK_T_GET_ID, 77, 0, bufferBytes))
                .isEqualTo(new BlkChain.Answer(usedLen, VIRTIO_BLK_S_OK));
        byte[] id = Arrays.copyOf("serial-0123".getBytes(StandardCharsets.US_ASCII), 20);
        int written = Math.min(bufferBytes, 20);
        byte[] expected = poison.clone();
        System.arraycopy(id, 0, expected, 0, written);
        assertThat(blk.rings.getFirst().bytes(DATA, 4096)).isEqualTo(expected);
    }

    @Test
    void getId_isScatteredOverDescriptors() {
        blk.header(HEADER, VIRTIO_BLK_T_GET_ID, 0);
        BlkChain.Answer answer = new BlkChain(blk)
                .readable(HEADER, 16)
                .writable(DATA, 3)
                .writable(DATA + 100, 16)
                .writable(DATA + 200, 2)
                .send();
        assertThat(answer.status()).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.rings.getFirst().bytes(DATA, 3)).isEqualTo("ser".getBytes(StandardCharsets.US_ASCII));
        assertThat(blk.rings.getFirst().bytes(DATA + 100, 8)).isEqualTo("ial-0123".getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.usedLen()).isEqualTo(21);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5000, -1})
    @SpecClause("VIRTIO-1.2 5.2.6.1")
    void flush_ignoresItsSector(long sector) {
        assertThat(send(BlkConstants.VIRTIO_BLK_T_FLUSH, sector, 0, 0))
                .isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_OK));
        assertThat(blk.node.seen).singleElement().satisfies(seen -> {
            assertThat(seen.op()).isEqualTo(BlockOp.FLUSH);
            assertThat(seen.lengthBytes()).isZero();
        });
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.8.2")
    void failedBlockIo_isAnIoErrorThatPromisesNoData() {
        blk.node.fail(5);
        assertThat(send(VIRTIO_BLK_T_IN, 0, 0, 512)).isEqualTo(new BlkChain.Answer(0, VIRTIO_BLK_S_IOERR));
        assertThat(send(VIRTIO_BLK_T_OUT, 0, 512, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_IOERR));
        assertThat(send(BlkConstants.VIRTIO_BLK_T_FLUSH, 0, 0, 0))
                .isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_IOERR));
        blk.node.fail(0);
        assertThat(send(VIRTIO_BLK_T_IN, 0, 0, 512).status()).isEqualTo(VIRTIO_BLK_S_OK);
    }

    @Test
    @SpecClause("VIRTIO-1.2 5.2.6.2")
    void readOnlyDisk_refusesWritesWhetherNegotiatedOrNot() {
        for (long features : new long[] {0, BlkConstants.VIRTIO_BLK_F_RO}) {
            RecordingNode node = new RecordingNode(DISK_BYTES, true, true);
            try (BlkFixture ro = new BlkFixture(BlkFixture.settings(1, true, true), node)) {
                assertThat(ro.offered() & BlkConstants.VIRTIO_BLK_F_RO).isNotZero();
                ro.start(features | BlkConstants.VIRTIO_BLK_F_DISCARD | BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES);
                byte[] before = node.bytes(0, (int) DISK_BYTES);
                for (int type : new int[] {VIRTIO_BLK_T_OUT, 11, 13}) {
                    ro.header(HEADER, type, 0);
                    BlkChain.Answer answer = new BlkChain(ro)
                            .readable(HEADER, 16)
                            .readable(DATA, type == VIRTIO_BLK_T_OUT ? 512 : 16)
                            .writable(STATUS, 1)
                            .send();
                    assertThat(answer).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_IOERR));
                }
                assertThat(node.seen).isEmpty();
                assertThat(node.bytes(0, (int) DISK_BYTES)).isEqualTo(before);
                ro.header(HEADER, VIRTIO_BLK_T_IN, 0);
                assertThat(new BlkChain(ro)
                                .readable(HEADER, 16)
                                .writable(DATA, 512)
                                .writable(STATUS, 1)
                                .send()
                                .status())
                        .isEqualTo(VIRTIO_BLK_S_OK);
            }
        }
    }
}
