package ringside.emulator.vhostuser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.DriverTransport;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserRequest;

/** Servers that refuse, die, keep silent or lie: one line that names the request, and never a hang. */
@Timeout(30)
class FrontEndErrorsTest {
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SET_FEATURES     | REFUSE          | SET_FEATURES: refused it (error 22); its own log may say why
            ADD_MEM_REG      | REFUSE          | ADD_MEM_REG: refused it (error 22); its own log may say why
            SET_VRING_ADDR   | REFUSE          | SET_VRING_ADDR: refused it (error 22); its own log may say why
            SET_VRING_ENABLE | HANG_UP         | SET_VRING_ENABLE: hung up instead of answering
            SET_INFLIGHT_FD  | HANG_UP         | SET_INFLIGHT_FD: hung up instead of answering
            SET_VRING_KICK   | SAY_NOTHING     | SET_VRING_KICK: the peer sent nothing for 200 ms
            SET_VRING_NUM    | ANSWER_ANOTHER  | SET_VRING_NUM: answered with message 3 which is no reply to it
            SET_VRING_CALL   | ANSWER_SHORT    | SET_VRING_CALL: answered with 0 bytes instead of 8
            GET_INFLIGHT_FD  | OMIT_DESCRIPTOR | GET_INFLIGHT_FD: answered without a file descriptor
            GET_CONFIG       | ANSWER_SHORT    | GET_CONFIG: answered without the field at offset 0
            GET_CONFIG       | SAY_NOTHING     | GET_CONFIG: the peer sent nothing for 200 ms
            """)
    void faultAtTheStart_namesTheRequest(VhostUserRequest request, FakeBackEnd.Fault fault, String message) {
        fixture.connect();
        fixture.server.failAt(request, fault);

        assertThatThrownBy(() -> {
                    fixture.driver.initialise(List.of());
                    fixture.driver.capacityBytes();
                })
                .isInstanceOf(PeerException.class)
                .hasMessageStartingWith("vhost-user server on " + fixture.spec.socket() + ", " + message)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({"GET_FEATURES,HANG_UP", "GET_QUEUE_NUM,SAY_NOTHING", "GET_PROTOCOL_FEATURES,ANSWER_ANOTHER"})
    void faultInTheHandshake_namesTheRequest(VhostUserRequest request, FakeBackEnd.Fault fault) {
        fixture.server.failAt(request, fault);

        assertThatThrownBy(() -> fixture.connect())
                .isInstanceOf(PeerException.class)
                .hasMessageContaining(request.name());
    }

    @ParameterizedTest
    @CsvSource({"GET_FEATURES", "GET_INFLIGHT_FD"})
    void surplusDescriptors_areClosed(VhostUserRequest request) throws IOException {
        fixture.server.failAt(request, FakeBackEnd.Fault.ADD_DESCRIPTOR);

        fixture.connect().driver.initialise(List.of());

        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.filter(fd -> linkOf(fd).contains("surplus")))
                    .as("the server's own is left")
                    .hasSize(1);
        }
    }

    private static String linkOf(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    @Test
    void noProtocolFeatures_isNoBlockServer() {
        fixture.server.features &= ~ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES;

        assertThatThrownBy(() -> fixture.connect()).hasMessageContaining("offers no protocol features");
    }

    @Test
    void noConfig_isNoBlockServer() {
        fixture.server.protocol &= ~ProtocolFeatures.CONFIG;

        assertThatThrownBy(() -> fixture.connect()).hasMessageContaining("does not offer CONFIG");
    }

    @Test
    void legacyDevice_isRefused() {
        fixture.server.features &= ~VirtioFeatures.VIRTIO_F_VERSION_1;

        assertThatThrownBy(() -> fixture.connect()).hasMessageContaining("does not offer VIRTIO_F_VERSION_1");
    }

    @Test
    void fewerQueues_areNamed() {
        fixture.server.queues = 1;

        assertThatThrownBy(() -> fixture.connect())
                .hasMessageContaining("has 1 queues, not 2; start it with more or use fewer");
    }

    @Test
    void queuesWithoutMq_areRefused() {
        fixture.server.features &= ~BlkConstants.VIRTIO_BLK_F_MQ;

        assertThatThrownBy(() -> fixture.connect()).hasMessageContaining("does not offer VIRTIO_BLK_F_MQ");
    }

    @Test
    void fewerSlotsThanRegions_areNamed() {
        fixture.server.slots = 1;
        fixture.connect();

        assertThatThrownBy(() -> fixture.driver.initialise(List.of()))
                .hasMessageContaining("takes 1 regions of memory, the guest has 2");
    }

    @Test
    void hangUp_showsAsNeedsReset() throws InterruptedException {
        fixture.started();
        assertThat(fixture.frontEnd.status() & DeviceStatus.DEVICE_NEEDS_RESET).isZero();
        assertThat(fixture.frontEnd.handleInterrupt()).isEqualTo(DriverTransport.INTERRUPT_USED);

        fixture.server.hangUp();

        awaitLoss();
        assertThat(fixture.frontEnd.status() & DeviceStatus.DEVICE_NEEDS_RESET).isNotZero();
        assertThat(fixture.frontEnd.handleInterrupt() & DriverTransport.INTERRUPT_CONFIG)
                .isNotZero();
    }

    @Test
    void resetAfterAHangUp_isQuiet() throws InterruptedException {
        fixture.started();
        fixture.server.hangUp();
        awaitLoss();

        fixture.driver.shutdown();

        assertThat(fixture.frontEnd.status()).isEqualTo(DeviceStatus.DEVICE_NEEDS_RESET);
    }

    @Test
    void hangUpDuringTheStop_isQuiet() {
        fixture.started();
        fixture.server.failAt(VhostUserRequest.GET_VRING_BASE, FakeBackEnd.Fault.HANG_UP);

        fixture.driver.shutdown();

        assertThat(fixture.frontEnd.isLost()).isTrue();
    }

    @Test
    void serverThatDoesNotStop_isAnError() {
        fixture.started();
        fixture.server.failAt(VhostUserRequest.GET_VRING_BASE, FakeBackEnd.Fault.SAY_NOTHING);

        assertThatThrownBy(() -> fixture.driver.shutdown())
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("GET_VRING_BASE");
    }

    private void awaitLoss() throws InterruptedException {
        while (!fixture.frontEnd.isLost()) {
            Thread.sleep(1);
        }
    }
}
