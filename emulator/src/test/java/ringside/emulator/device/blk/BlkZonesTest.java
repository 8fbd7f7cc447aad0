package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_F_FLUSH;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_F_ZONED;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_IOERR;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_OK;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_UNSUPP;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_S_ZONE_INVALID_CMD;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_ZONE_APPEND;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_ZONE_REPORT;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;
import static ringside.emulator.device.blk.BlkFixture.SCRATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.ZoneError;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.transport.MmioRegisters;

/** What the device itself does about zones: negotiation, fields, framing, statuses. */
@SpecClause({"VIRTIO-1.4 5.2.4", "VIRTIO-1.4 5.2.5.2", "VIRTIO-1.4 5.2.6", "VIRTIO-1.4 5.2.6.2"})
class BlkZonesTest {
    private static final int ZONE_BYTES = 1 << 16;
    private static final long ZONE_SECTORS = ZONE_BYTES / 512;
    private static final int ZONES = (int) (DISK_BYTES / ZONE_BYTES);
    private static final int MAX_APPEND_BYTES = 16384;
    private static final int[] MANAGEMENT = {18, 20, 22, 24, 26};

    private BlkFixture blk;
    private BlockNode zoned;

    @AfterEach
    void close() {
        if (blk != null) {
            blk.close();
            zoned.close();
        }
    }

    private BlkFixture fixture(ZoneModel model, int maxAppendBytes, boolean readOnly) {
        boolean managed = model == ZoneModel.HOST_MANAGED;
        ZoneSpec zones = new ZoneSpec(
                model, ZONE_BYTES, managed ? 61440 : 0, 2, managed ? 4 : 0, managed ? 6 : 0, maxAppendBytes);
        zoned = BlockNodes.open(
                new BlockNodeSpec.Zoned(new BlockNodeSpec.Null(DISK_BYTES, 0, false), zones, Optional.empty()));
        RecordingNode node = new RecordingNode(DISK_BYTES, readOnly, true);
        node.zones = zoned.zones();
        blk = new BlkFixture(BlkFixture.settings(1, true, true), node);
        return blk;
    }

    private BlkFixture managed() {
        return fixture(ZoneModel.HOST_MANAGED, MAX_APPEND_BYTES, false).startWithAll();
    }

    private BlkChain.Answer send(int type, long sector, int outBytes, int inBytes) {
        byte[] poison = new byte[4096];
        Arrays.fill(poison, (byte) 0x5a);
        blk.rings.getFirst().put(SCRATCH + 0x2000, poison);
        blk.header(SCRATCH, type, sector);
        BlkChain chain = new BlkChain(blk).readable(SCRATCH, 16);
        if (outBytes > 0) {
            chain.readable(SCRATCH + 0x8000, outBytes);
        }
        return chain.writable(SCRATCH + 0x2000, inBytes + 1).send();
    }

    private ByteBuffer answer(int bytes) {
        return ByteBuffer.wrap(blk.rings.getFirst().bytes(SCRATCH + 0x2000, bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void zoneFields_areThereBeforeNegotiation() {
        fixture(ZoneModel.HOST_MANAGED, MAX_APPEND_BYTES, false);
        assertThat(blk.offered() & VIRTIO_BLK_F_ZONED).isNotZero();
        assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_DISCARD)
                .as("host-managed disks do not discard")
                .isZero();
        assertThat(blk.config(BlkConstants.CONFIG_ZONE_SECTORS, 4)).isEqualTo(ZONE_SECTORS);
        assertThat(blk.config(BlkConstants.CONFIG_MAX_OPEN_ZONES, 4)).isEqualTo(4);
        assertThat(blk.config(BlkConstants.CONFIG_MAX_ACTIVE_ZONES, 4)).isEqualTo(6);
        assertThat(blk.config(BlkConstants.CONFIG_MAX_APPEND_SECTORS, 4)).isEqualTo(32);
        assertThat(blk.config(BlkConstants.CONFIG_WRITE_GRANULARITY, 4)).isEqualTo(512);
        assertThat(blk.config(BlkConstants.CONFIG_ZONED_MODEL, 1)).isEqualTo(1);
        assertThat(blk.config(BlkConstants.CONFIG_UNUSED2, 1)).isZero();
    }

    @Test
    void hostManagedDisk_isRefusedToADriverWithoutZones() {
        fixture(ZoneModel.HOST_MANAGED, MAX_APPEND_BYTES, false);
        assertThat(blk.negotiate(VirtioFeatures.VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_FLUSH))
                .isFalse();
        assertThat(blk.negotiate(VirtioFeatures.VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_FLUSH | VIRTIO_BLK_F_ZONED))
                .isTrue();
    }

    @Test
    void hostAwareDisk_isAnOrdinaryOneToADriverWithoutZones() {
        fixture(ZoneModel.HOST_AWARE, MAX_APPEND_BYTES, false);
        assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_DISCARD).isNotZero();
        assertThat(blk.config(BlkConstants.CONFIG_ZONED_MODEL, 1)).isEqualTo(2);
        blk.start(VIRTIO_BLK_F_FLUSH);
        for (int field = BlkConstants.CONFIG_ZONE_SECTORS; field < BlkConstants.CONFIG_BYTES; field += 4) {
            assertThat(blk.config(field, 4)).as("field at %d", field).isZero();
        }
        blk.node.fail(ZoneError.INVALID_COMMAND);
        assertThat(send(BlkConstants.VIRTIO_BLK_T_IN, 0, 0, 512).status()).isEqualTo(VIRTIO_BLK_S_IOERR);
        blk.write(MmioRegisters.STATUS, 0);
        assertThat(blk.config(BlkConstants.CONFIG_ZONED_MODEL, 1))
                .as("after a reset")
                .isEqualTo(2);
    }

    @Test
    void appendsThatDoNotFitIntoTheSegments_areRefused() {
        fixture(ZoneModel.HOST_AWARE, 1 << 20, false);
        BlkSettings small = BlkFixture.settings(
                BlkOptions.DEFAULT.change().sizeMaxBytes(4096).build());
        assertThatThrownBy(() -> new BlkFixture(small, blk.node))
                .hasMessageContainingAll("max-append-bytes", "size-max");
    }

    @Test
    void withoutNegotiation_zoneRequestsAreUnsupported() {
        fixture(ZoneModel.HOST_AWARE, MAX_APPEND_BYTES, false).start(VIRTIO_BLK_F_FLUSH);
        for (int type = VIRTIO_BLK_T_ZONE_APPEND; type <= 26; type++) {
            assertThat(send(type, 0, 4096, 8).status()).as("type %d", type).isEqualTo(VIRTIO_BLK_S_UNSUPP);
        }
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void diskWithoutZones_doesNotOfferThem() {
        try (BlkFixture plain = new BlkFixture()) {
            assertThat(plain.offered() & VIRTIO_BLK_F_ZONED).isZero();
        }
    }

    @Test
    void commands_reachTheBlockLayer() {
        managed();
        BlockOp[] ops = {
            BlockOp.ZONE_OPEN, BlockOp.ZONE_CLOSE, BlockOp.ZONE_FINISH, BlockOp.ZONE_RESET, BlockOp.ZONE_RESET_ALL
        };
        for (int i = 0; i < ops.length; i++) {
            assertThat(send(MANAGEMENT[i], 3 * ZONE_SECTORS, 0, 0)).isEqualTo(new BlkChain.Answer(1, VIRTIO_BLK_S_OK));
            long offset = ops[i] == BlockOp.ZONE_RESET_ALL ? 0 : 3 * ZONE_BYTES;
            assertThat(blk.node.seen.get(i)).isEqualTo(new RecordingNode.Seen(ops[i], offset, 0, false, false, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {DISK_BYTES / 512, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 55})
    void commandBeyondTheDisk_isInvalid(long sector) {
        managed();
        for (int type : new int[] {18, 20, 22, 24}) {
            assertThat(send(type, sector, 0, 0).status()).isEqualTo(VIRTIO_BLK_S_ZONE_INVALID_CMD);
        }
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, sector, 4096, 8).status()).isEqualTo(VIRTIO_BLK_S_ZONE_INVALID_CMD);
        assertThat(send(VIRTIO_BLK_T_ZONE_REPORT, sector, 0, 128).status()).isEqualTo(VIRTIO_BLK_S_ZONE_INVALID_CMD);
        assertThat(blk.node.seen).isEmpty();
    }

    @Test
    void readOnlyDisk_canOnlyBeReported() {
        fixture(ZoneModel.HOST_MANAGED, MAX_APPEND_BYTES, true).startWithAll();
        for (int type : MANAGEMENT) {
            assertThat(send(type, 0, 0, 0).status()).isEqualTo(VIRTIO_BLK_S_IOERR);
        }
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, 0, 4096, 8).status()).isEqualTo(VIRTIO_BLK_S_IOERR);
        assertThat(send(VIRTIO_BLK_T_ZONE_REPORT, 0, 0, 128).status()).isEqualTo(VIRTIO_BLK_S_OK);
        assertThat(blk.node.seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"65536,3", "65537,4", "65538,5", "65539,6", "5,1"})
    void errorsOfTheBlockLayer_haveTheirStatus(int error, int status) {
        managed();
        blk.node.fail(error);
        for (int type : MANAGEMENT) {
            assertThat(send(type, 0, 0, 0)).isEqualTo(new BlkChain.Answer(1, status));
        }
        assertThat(send(BlkConstants.VIRTIO_BLK_T_OUT, 0, 512, 0).status()).isEqualTo(status);
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, 0, 4096, 8)).isEqualTo(new BlkChain.Answer(0, status));
    }

    @Test
    void append_tellsWhereItWrote() {
        managed();
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, ZONE_SECTORS, 4096, 8))
                .isEqualTo(new BlkChain.Answer(9, VIRTIO_BLK_S_OK));
        assertThat(answer(8).getLong(0)).isEqualTo(ZONE_SECTORS + 16);
    }

    /** Linux sends 16 bytes with the status in the last, because it does not pack its structure. */
    @Test
    void appendOfLinux_isAnsweredInItsFirstBytes() {
        managed();
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, ZONE_SECTORS, 4096, 15))
                .isEqualTo(new BlkChain.Answer(8, VIRTIO_BLK_S_OK));
        assertThat(answer(15).getLong(0)).isEqualTo(ZONE_SECTORS + 16);
        assertThat(Arrays.copyOfRange(answer(15).array(), 8, 15)).containsOnly(0x5a);
    }

    @Test
    void appendAnswerInPieces_isScattered() {
        managed();
        blk.header(SCRATCH, VIRTIO_BLK_T_ZONE_APPEND, ZONE_SECTORS);
        BlkChain.Answer sent = new BlkChain(blk)
                .readable(SCRATCH, 16)
                .readable(SCRATCH + 0x1000, 512)
                .writable(SCRATCH + 0x2000, 3)
                .writable(SCRATCH + 0x2003, 4)
                .writable(SCRATCH + 0x2007, 2)
                .send();
        assertThat(sent).isEqualTo(new BlkChain.Answer(9, VIRTIO_BLK_S_OK));
        assertThat(answer(8).getLong(0)).isEqualTo(ZONE_SECTORS + 16);
    }

    @ParameterizedTest
    @CsvSource({"4096,7,1", "4096,0,1", "100,8,1", "0,8,3", "16896,8,3", "16384,8,0"})
    void appendOfAWrongShape_isRefused(int bytes, int answerBytes, int status) {
        managed();
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, ZONE_SECTORS, bytes, answerBytes)
                        .status())
                .isEqualTo(status);
        assertThat(blk.node.seen).hasSize(status == VIRTIO_BLK_S_OK ? 1 : 0);
    }

    @Test
    void appendWhereThereAreNone_isUnsupported() {
        fixture(ZoneModel.HOST_MANAGED, 0, false).startWithAll();
        assertThat(blk.config(BlkConstants.CONFIG_MAX_APPEND_SECTORS, 4)).isZero();
        assertThat(send(VIRTIO_BLK_T_ZONE_APPEND, ZONE_SECTORS, 4096, 8).status())
                .isEqualTo(VIRTIO_BLK_S_UNSUPP);
    }

    /** Columns: buffer, zones that fit, used length. */
    @ParameterizedTest
    @CsvSource({"64,0,65", "127,0,64", "128,1,129", "129,1,128", "191,1,128", "192,2,193", "2048,14,960"})
    void report_holdsWholeDescriptors(int bytes, int zones, int used) {
        managed();
        assertThat(send(VIRTIO_BLK_T_ZONE_REPORT, 2 * ZONE_SECTORS + 5, 0, bytes))
                .isEqualTo(new BlkChain.Answer(used, VIRTIO_BLK_S_OK));
        ByteBuffer report = answer(bytes);
        assertThat(report.getLong(0)).isEqualTo(zones);
        for (int i = 0; i < zones; i++) {
            int at = 64 + 64 * i;
            assertThat(report.getLong(at)).as("z_cap").isEqualTo(120);
            assertThat(report.getLong(at + 8)).as("z_start").isEqualTo((2 + i) * ZONE_SECTORS);
            assertThat(report.getLong(at + 16)).as("z_wp").isEqualTo((2 + i) * ZONE_SECTORS);
            assertThat(report.get(at + 24)).as("z_type").isEqualTo((byte) 2);
            assertThat(report.get(at + 25)).as("z_state").isEqualTo((byte) 1);
            assertThat(Arrays.copyOfRange(report.array(), at + 26, at + 64)).containsOnly(0);
        }
        int end = 64 + 64 * zones;
        for (int i = end; i < bytes; i++) {
            assertThat(report.get(i)).as("behind the report").isEqualTo((byte) 0x5a);
        }
        assertThat(Arrays.copyOfRange(report.array(), 8, 64)).containsOnly(0);
    }

    @Test
    void reportOfConventionalZones_saysSo() {
        managed();
        send(VIRTIO_BLK_T_ZONE_REPORT, 0, 0, 64 + 64 * ZONES);
        ByteBuffer report = answer(64 + 64 * ZONES);
        assertThat(report.getLong(0)).isEqualTo(ZONES);
        assertThat(report.getLong(64)).as("z_cap").isEqualTo(ZONE_SECTORS);
        assertThat(report.get(64 + 24)).isEqualTo((byte) 1);
        assertThat(report.get(64 + 25)).isZero();
        assertThat(report.get(64 + 2 * 64 + 24)).isEqualTo((byte) 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63})
    void reportWithoutRoomForItsHeader_isInvalid(int bytes) {
        managed();
        assertThat(send(VIRTIO_BLK_T_ZONE_REPORT, 0, 0, bytes).status()).isEqualTo(VIRTIO_BLK_S_ZONE_INVALID_CMD);
    }
}
