package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;

/** The device assumes nothing about how header, data and status are spread over descriptors. */
@SpecClause({"VIRTIO-1.2 2.7.4.1", "VIRTIO-1.2 5.2.6", "VIRTIO-1.2 2.7.8.2"})
class BlkFramingTest {
    private static final long HEADER = SCRATCH;
    private static final long DATA = SCRATCH + 0x1000;
    private static final long STATUS = SCRATCH + 0x800;
    private static final int SECTOR = 3;
    private static final int OK = BlkConstants.VIRTIO_BLK_S_OK;

    private final BlkFixture blk = new BlkFixture().startWithAll();

    @AfterEach
    void close() {
        blk.close();
    }

    private BlkChain headerIn(int type, int pieceBytes) {
        blk.header(HEADER, type, SECTOR);
        BlkChain chain = new BlkChain(blk);
        for (int at = 0; at < 16; at += pieceBytes) {
            chain.readable(HEADER + at, Math.min(pieceBytes, 16 - at));
        }
        return chain;
    }

    private static byte[] pattern(int bytes) {
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = (byte) (i * 31 + 5);
        }
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 8, 4, 1, 5})
    void headerInPieces_reads(int pieceBytes) {
        BlkChain.Answer answer = headerIn(VIRTIO_BLK_T_IN, pieceBytes)
                .writable(DATA, 1024)
                .writable(STATUS, 1)
                .send();
        assertThat(answer).isEqualTo(new BlkChain.Answer(1025, OK));
        assertRead(DATA, 1024);
    }

    private void assertRead(long gpa, int bytes) {
        assertThat(blk.rings.getFirst().bytes(gpa, bytes)).isEqualTo(blk.node.bytes(SECTOR * 512L, bytes));
        assertThat(blk.node.bytes(SECTOR * 512L, 1)[0]).isEqualTo(RecordingNode.original(SECTOR * 512L));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 8, 4, 1, 5})
    void headerInPieces_writes(int pieceBytes) {
        byte[] data = pattern(1024);
        blk.rings.getFirst().put(DATA, data);
        BlkChain.Answer answer = headerIn(VIRTIO_BLK_T_OUT, pieceBytes)
                .readable(DATA, 1024)
                .writable(STATUS, 1)
                .send();
        assertThat(answer).isEqualTo(new BlkChain.Answer(1, OK));
        assertThat(blk.node.bytes(SECTOR * 512L, 1024)).isEqualTo(data);
    }

    @Test
    void headerAndDataInOneDescriptor_writes() {
        byte[] data = pattern(512);
        blk.header(HEADER, VIRTIO_BLK_T_OUT, SECTOR);
        blk.rings.getFirst().put(HEADER + 16, data);
        BlkChain.Answer answer =
                new BlkChain(blk).readable(HEADER, 528).writable(STATUS, 1).send();
        assertThat(answer).isEqualTo(new BlkChain.Answer(1, OK));
        assertThat(blk.node.bytes(SECTOR * 512L, 512)).isEqualTo(data);
    }

    @Test
    void headerOverlappingIntoTheDataDescriptor_writes() {
        byte[] data = pattern(512);
        blk.header(HEADER, VIRTIO_BLK_T_OUT, SECTOR);
        blk.rings.getFirst().put(HEADER + 16, data);
        BlkChain.Answer answer = new BlkChain(blk)
                .readable(HEADER, 10)
                .readable(HEADER + 10, 106)
                .readable(HEADER + 116, 412)
                .writable(STATUS, 1)
                .send();
        assertThat(answer).isEqualTo(new BlkChain.Answer(1, OK));
        assertThat(blk.node.bytes(SECTOR * 512L, 512)).isEqualTo(data);
    }

    @Test
    void dataAndStatusInOneDescriptor_reads() {
        BlkChain.Answer answer =
                headerIn(VIRTIO_BLK_T_IN, 16).writable(DATA, 513).send();
        assertThat(answer).isEqualTo(new BlkChain.Answer(513, OK));
        assertRead(DATA, 512);
    }

    @Test
    void statusInADescriptorThatBeginsWithData_reads() {
        BlkChain.Answer answer = headerIn(VIRTIO_BLK_T_IN, 16)
                .writable(DATA, 300)
                .writable(DATA + 300, 212 + 1)
                .send();
        assertThat(answer).isEqualTo(new BlkChain.Answer(513, OK));
        assertRead(DATA, 512);
    }

    @Test
    void scatterOf64Sectors_reads() {
        BlkChain chain = headerIn(VIRTIO_BLK_T_IN, 16);
        for (int i = 0; i < 64; i++) {
            chain.writable(DATA + 1024L * i, 512);
        }
        assertThat(chain.writable(STATUS, 1).send()).isEqualTo(new BlkChain.Answer(64 * 512 + 1, OK));
        for (int i = 0; i < 64; i++) {
            assertThat(blk.rings.getFirst().bytes(DATA + 1024L * i, 512))
                    .isEqualTo(blk.node.bytes((SECTOR + i) * 512L, 512));
        }
    }

    @Test
    void unevenScatter_writes() {
        byte[] data = pattern(2048);
        blk.rings.getFirst().put(DATA, data);
        BlkChain chain = headerIn(VIRTIO_BLK_T_OUT, 16);
        long at = DATA;
        for (int bytes : new int[] {1, 511, 3, 1000, 533}) {
            chain.readable(at, bytes);
            at += bytes;
        }
        assertThat(chain.writable(STATUS, 1).send()).isEqualTo(new BlkChain.Answer(1, OK));
        assertThat(blk.node.bytes(SECTOR * 512L, 2048)).isEqualTo(data);
    }

    /** A used length says how much was written from the first writable byte on: here nothing but the last byte was. */
    @Test
    @SpecClause("VIRTIO-1.2 2.7.8.2")
    void writableSpaceThatTheDeviceDoesNotFill_isNotCountedAsWritten() {
        blk.rings.getFirst().put(DATA, pattern(512));
        int[] types = {
            VIRTIO_BLK_T_OUT, BlkConstants.VIRTIO_BLK_T_FLUSH, VIRTIO_BLK_T_OUT, BlkConstants.VIRTIO_BLK_T_DISCARD
        };
        int[] outBytes = {512, 0, 0, 16};
        for (int i = 0; i < types.length; i++) {
            if (types[i] == BlkConstants.VIRTIO_BLK_T_DISCARD) {
                blk.rings.getFirst().put(DATA, new byte[16]);
            }
            BlkChain chain = headerIn(types[i], 16);
            if (outBytes[i] > 0) {
                chain.readable(DATA, outBytes[i]);
            }
            assertThat(chain.writable(STATUS, 64).send())
                    .as("type %d with %d bytes", types[i], outBytes[i])
                    .isEqualTo(new BlkChain.Answer(0, OK));
        }
    }

    @Test
    void noWritableByteForTheStatus_breaksTheDevice() {
        headerIn(VIRTIO_BLK_T_OUT, 16).readable(DATA, 512).breaksTheDevice();
    }

    @Test
    void shortHeader_breaksTheDevice() {
        new BlkChain(blk).readable(HEADER, 15).writable(STATUS, 1).breaksTheDevice();
    }

    @Test
    void noHeader_breaksTheDevice() {
        new BlkChain(blk).writable(DATA, 512).writable(STATUS, 1).breaksTheDevice();
    }
}
