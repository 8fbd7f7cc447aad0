package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.SpecClause;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.ffi.LibC;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.vhostuser.ProtocolFeatures;

/** Every byte that the front-end sends, in order. Expectations are built here from the protocol, not from its constants. */
class FrontEndMessagesTest {
    private static final long USER = 0x2000_0000_0000L;
    private static final long MEMORY_FEATURES_BIT_30 = 1L << 30;

    @TempDir
    Path folder;

    private FrontEndFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FrontEndFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void handshake_asksForWhatWasOffered() {
        fixture.connect();

        assertThat(fixture.server.takeTranscript())
                .containsExactly(
                        "SET_OWNER",
                        "GET_FEATURES",
                        "GET_PROTOCOL_FEATURES",
                        "SET_PROTOCOL_FEATURES " + hex(8, FrontEndSpec.PROTOCOL_FEATURES),
                        "GET_QUEUE_NUM",
                        "GET_MAX_MEM_SLOTS");
    }

    @Test
    void acceptedProtocolFeatures_areThoseThatBothKnow() {
        fixture.server.protocol = ProtocolFeatures.CONFIG | ProtocolFeatures.MQ | ProtocolFeatures.LOG_SHMFD;

        fixture.connect(fixture.spec.withoutProtocolFeatures(ProtocolFeatures.INFLIGHT_SHMFD));

        assertThat(fixture.server.takeTranscript())
                .contains("SET_PROTOCOL_FEATURES " + hex(8, ProtocolFeatures.CONFIG | ProtocolFeatures.MQ))
                .doesNotContain("GET_MAX_MEM_SLOTS");
    }

    @Test
    void driver_startsWithTheseMessages() {
        fixture.connect();
        fixture.server.takeTranscript();

        fixture.driver.initialise(List.of());

        assertThat(fixture.server.takeTranscript())
                .startsWith("SET_FEATURES ack " + hex(8, FrontEndFixture.DRIVER_FEATURES | MEMORY_FEATURES_BIT_30))
                .containsSubsequence(
                        "GET_INFLIGHT_FD " + hex(8, 0, 8, 0, 2, 2, 2, 16, 4, 0),
                        "SET_INFLIGHT_FD ack fds=1 " + hex(8, FakeBackEnd.INFLIGHT_BYTES, 8, 0, 2, 2, 2, 16, 4, 0),
                        "ADD_MEM_REG ack fds=1 " + hex(8, 0) + region(GuestMemories.BASE_GPA, 0),
                        "ADD_MEM_REG ack fds=1 " + hex(8, 0)
                                + region(GuestMemories.SECOND_GPA, GuestMemories.REGION_BYTES))
                .containsSubsequence(ring(0))
                .containsSubsequence(ring(1))
                .endsWith("SET_VRING_ENABLE ack " + hex(4, 0, 4, 1), "SET_VRING_ENABLE ack " + hex(4, 1, 4, 1))
                .hasSize(1 + 2 + 2 + 2 * 5 + 2);
    }

    private String[] ring(int queue) {
        FrontEndFixture.RingPlace place = fixture.ring(queue);
        return new String[] {
            "SET_VRING_NUM ack " + hex(4, queue, 4, FrontEndFixture.QUEUE_SIZE),
            "SET_VRING_BASE ack " + hex(4, queue, 4, 0),
            "SET_VRING_ADDR ack "
                    + hex(4, queue, 4, 0)
                    + hex(8, USER + place.descGpa(), 8, USER + place.usedGpa(), 8, USER + place.availGpa(), 8, 0),
            "SET_VRING_CALL ack fds=1 " + hex(8, queue),
            "SET_VRING_KICK ack fds=1 " + hex(8, queue)
        };
    }

    @Test
    void withoutSlotsAndAcknowledgements_oneTableAndABarrier() {
        fixture.server.protocol = ProtocolFeatures.CONFIG | ProtocolFeatures.MQ;
        fixture.connect();
        fixture.server.takeTranscript();

        fixture.driver.initialise(List.of());

        assertThat(fixture.server.takeTranscript())
                .contains("SET_MEM_TABLE fds=2 "
                        + hex(4, 2, 4, 0)
                        + region(GuestMemories.BASE_GPA, 0)
                        + region(GuestMemories.SECOND_GPA, GuestMemories.REGION_BYTES))
                .noneMatch(line -> line.contains(" ack") || line.contains("INFLIGHT") || line.contains("ADD_MEM"))
                .endsWith("SET_VRING_ENABLE " + hex(4, 1, 4, 1), "GET_FEATURES");
    }

    private static String region(long gpa, long fileOffset) {
        return hex(8, gpa, 8, GuestMemories.REGION_BYTES, 8, USER + gpa, 8, fileOffset);
    }

    @Test
    void descriptorsOfMemory_areTheGuests() {
        fixture.started();

        long wholeFile = 2 * GuestMemories.REGION_BYTES;
        assertThat(fixture.server.receivedFds().stream().map(LibC::size))
                .startsWith(FakeBackEnd.INFLIGHT_BYTES, wholeFile, wholeFile);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.1")
    void reset_stopsEveryRing() {
        fixture.started();

        fixture.driver.shutdown();

        assertThat(fixture.server.takeTranscript())
                .containsExactly(
                        "SET_VRING_ENABLE ack " + hex(4, 0, 4, 0),
                        "SET_VRING_ENABLE ack " + hex(4, 1, 4, 0),
                        "GET_VRING_BASE " + hex(4, 0, 4, 0),
                        "GET_VRING_BASE " + hex(4, 1, 4, 0),
                        "RESET_DEVICE ack");
    }

    @Test
    void secondStart_hasAFreshRecordAndTheSameMemory() {
        fixture.started();
        fixture.driver.shutdown();
        fixture.server.takeTranscript();

        fixture.driver.initialise(List.of());

        assertThat(fixture.server.takeTranscript())
                .anyMatch(line -> line.startsWith("GET_INFLIGHT_FD"))
                .anyMatch(line -> line.startsWith("SET_FEATURES"))
                .noneMatch(line -> line.contains("MEM"));
    }

    @Test
    void resetBeforeStart_saysNothing() {
        fixture.connect();
        fixture.server.takeTranscript();

        fixture.frontEnd.reset();

        assertThat(fixture.server.takeTranscript()).isEmpty();
    }

    @Test
    void configuration_isReadWhole() {
        fixture.connect();
        fixture.server.takeTranscript();

        assertThat(fixture.frontEnd.config(BlkConstants.CONFIG_CAPACITY, 8)).isEqualTo(0x0706050403020100L);
        assertThat(fixture.frontEnd.config(BlkConstants.CONFIG_BLK_SIZE, 4)).isEqualTo(0x17161514L);
        assertThat(fixture.frontEnd.config(BlkConstants.CONFIG_NUM_QUEUES, 2))
                .as("our own choice")
                .isEqualTo(2);
        assertThat(fixture.server.takeTranscript())
                .containsExactly(
                        "GET_CONFIG " + hex(4, 0, 4, 60, 4, 0) + "00".repeat(60),
                        "GET_CONFIG " + hex(4, 0, 4, 60, 4, 0) + "00".repeat(60));
    }

    @Test
    void writeCache_isSwitchedByOneByte() {
        fixture.connect();
        fixture.server.takeTranscript();

        fixture.driver.writeback(true);

        assertThat(fixture.server.takeTranscript())
                .containsExactly("SET_CONFIG ack " + hex(4, BlkConstants.CONFIG_WRITEBACK, 4, 1, 4, 0, 1, 1));
    }

    @Test
    void offeredFeatures_hideWhatBelongsToVhost() {
        fixture.connect(fixture.spec.withoutFeatures(1L << 29));

        assertThat(fixture.frontEnd.deviceFeatures()).isEqualTo(FrontEndFixture.DRIVER_FEATURES & ~(1L << 29));
        fixture.driver.initialise(List.of());
        assertThat(fixture.frontEnd.negotiated().describeVirtio()).isEqualTo("MQ INDIRECT_DESC VERSION_1");
        assertThat(fixture.frontEnd.negotiated().describeProtocol())
                .isEqualTo("MQ REPLY_ACK CONFIG INFLIGHT_SHMFD RESET_DEVICE CONFIGURE_MEM_SLOTS");
    }

    /** Pairs of width in bytes and value, little-endian, as hexadecimal digits. */
    private static String hex(long... widthsAndValues) {
        ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < widthsAndValues.length; i += 2) {
            long value = widthsAndValues[i + 1];
            switch ((int) widthsAndValues[i]) {
                case 1 -> bytes.put((byte) value);
                case 2 -> bytes.putShort((short) value);
                case 4 -> bytes.putInt((int) value);
                default -> bytes.putLong(value);
            }
        }
        return HexFormat.of().formatHex(bytes.array(), 0, bytes.position());
    }
}
