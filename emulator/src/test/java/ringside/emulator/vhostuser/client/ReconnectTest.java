package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserRequest;

/** The second server on a socket: what it is told, and when there cannot be one. */
@Timeout(30)
class ReconnectTest {
    private static final long SECONDS_NS = 5_000_000_000L;

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
    void secondServer_goesOnWhereTheUsedRingEnds() throws InterruptedException {
        fixture.started();
        fixture.availIdx(0, 9);
        fixture.usedIdx(0, 5);
        fixture.availIdx(1, 0x1_0001 & 0xffff);
        fixture.usedIdx(1, 0xfff0);
        serverDies();

        fixture.frontEnd.reconnect(SECONDS_NS);

        assertThat(fixture.server.takeTranscript())
                .startsWith("SET_OWNER", "GET_FEATURES")
                .contains("SET_VRING_BASE ack 0000000005000000", "SET_VRING_BASE ack 01000000f0ff0000")
                .anyMatch(line -> line.startsWith("SET_FEATURES"))
                .anyMatch(line -> line.startsWith("ADD_MEM_REG"))
                .noneMatch(line -> line.startsWith("GET_INFLIGHT_FD"));
        assertThat(fixture.frontEnd.isLost()).isFalse();
    }

    @Test
    void record_isGivenBack() throws InterruptedException {
        fixture.started();
        int firstGift = fixture.server.receivedFds().getFirst();
        writeTo(firstGift, (byte) 0x5a);
        int before = fixture.server.receivedFds().size();
        serverDies();

        fixture.frontEnd.reconnect(SECONDS_NS);

        int secondGift = fixture.server.receivedFds().get(before);
        assertThat(readFrom(secondGift)).isEqualTo((byte) 0x5a);
        assertThat(fixture.server.takeTranscript())
                .anyMatch(line -> line.startsWith("SET_INFLIGHT_FD ack fds=1 " + "0020000000000000" + "0000000000000000"
                        + "02001000" + "00000000"));
    }

    @Test
    void bothSides_areWokenOnce() throws InterruptedException {
        fixture.started();
        int kick = lastFd(0);
        int call = lastFd(1);
        serverDies();
        assertThat(LibC.waitReadable(kick, 0)).isZero();
        assertThat(LibC.waitReadable(call, 0)).isZero();

        fixture.frontEnd.reconnect(SECONDS_NS);

        assertThat(LibC.waitReadable(kick, 0)).isEqualTo(1);
        assertThat(LibC.waitReadable(call, 0)).isEqualTo(1);
    }

    /** Descriptors of the last queue: kick is the last one sent, call the one before. */
    private int lastFd(int fromEnd) {
        List<Integer> fds = fixture.server.receivedFds();
        return fds.get(fds.size() - 1 - fromEnd);
    }

    @Test
    void liveServer_isLeftAlone() {
        fixture.started();

        fixture.frontEnd.reconnect(SECONDS_NS);

        assertThat(fixture.server.takeTranscript()).isEmpty();
    }

    @Test
    void withoutRecord_requestsInFlightCannotBeSaved() throws InterruptedException {
        fixture.server.protocol &= ~ProtocolFeatures.INFLIGHT_SHMFD;
        fixture.started();
        fixture.availIdx(0, 1);
        serverDies();

        assertThatThrownBy(() -> fixture.frontEnd.reconnect(SECONDS_NS))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("hung up with requests in flight and does not offer INFLIGHT_SHMFD");
    }

    @Test
    void withoutRecord_anIdleDiskGoesOn() throws InterruptedException {
        fixture.server.protocol &= ~ProtocolFeatures.INFLIGHT_SHMFD;
        fixture.started();
        fixture.availIdx(0, 7);
        fixture.usedIdx(0, 7);
        serverDies();

        fixture.frontEnd.reconnect(SECONDS_NS);

        assertThat(fixture.server.takeTranscript()).contains("SET_VRING_BASE ack 0000000007000000");
    }

    @Test
    void lesserOffer_isRefused() throws InterruptedException {
        fixture.started();
        fixture.server.features &= ~(VirtioFeatures.VIRTIO_F_EVENT_IDX | BlkConstants.VIRTIO_BLK_F_DISCARD);
        serverDies();

        assertThatThrownBy(() -> fixture.frontEnd.reconnect(SECONDS_NS))
                .hasMessageContaining("does not offer what was in use: EVENT_IDX");
    }

    @Test
    void serverThatForgotTheRecord_isRefused() throws InterruptedException {
        fixture.started();
        fixture.server.protocol &= ~ProtocolFeatures.INFLIGHT_SHMFD;
        serverDies();

        assertThatThrownBy(() -> fixture.frontEnd.reconnect(SECONDS_NS))
                .hasMessageContaining("does not offer what was in use: INFLIGHT_SHMFD");
    }

    @Test
    void noServer_endsWaitingOnceForAll() throws InterruptedException {
        fixture.started();
        serverDies();
        fixture.server.close();

        assertThatThrownBy(() -> fixture.frontEnd.reconnect(50_000_000L)).isInstanceOf(NativeException.class);
        assertThatThrownBy(() -> fixture.frontEnd.reconnect(Long.MAX_VALUE)).hasMessageContaining("did not come back");
        assertThat(fixture.frontEnd.isLost()).isTrue();
    }

    @Test
    void serverThatDiesAgain_isTriedAgainUntilTheTimeIsOver() throws InterruptedException {
        fixture.started();
        fixture.server.failAt(VhostUserRequest.SET_VRING_ADDR, FakeBackEnd.Fault.HANG_UP);
        serverDies();

        assertThatThrownBy(() -> fixture.frontEnd.reconnect(200_000_000L)).hasMessageContaining("SET_VRING_ADDR");

        assertThat(fixture.server.takeTranscript().stream().filter("SET_OWNER"::equals))
                .hasSizeGreaterThan(1);
    }

    private void serverDies() throws InterruptedException {
        fixture.server.takeTranscript();
        fixture.server.hangUp();
        while (!fixture.frontEnd.isLost()) {
            Thread.sleep(1);
        }
    }

    private static void writeTo(int fd, byte value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(1);
            bytes.set(ValueLayout.JAVA_BYTE, 0, value);
            assertThat(LibC.pwrite(fd, bytes.address(), 1, 0)).isEqualTo(1);
        }
    }

    private static byte readFrom(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(1);
            assertThat(LibC.pread(fd, bytes.address(), 1, 0)).isEqualTo(1);
            return bytes.get(ValueLayout.JAVA_BYTE, 0);
        }
    }
}
