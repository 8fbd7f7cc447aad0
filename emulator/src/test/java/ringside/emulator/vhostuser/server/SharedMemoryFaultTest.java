package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.vhostuser.server.RawFrontEnd.join;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u32;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u64;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.LibC;
import ringside.emulator.vhostuser.VhostUserMessage;

/**
 * A front-end that cuts short a file which the server has mapped. The kernel answers the next access with SIGBUS, the JVM
 * turns that into an error of the thread; the server must end the connection with one line and serve the next one.
 */
class SharedMemoryFaultTest {
    private ServedDisk disk;
    private RawDriver driver;
    private RawFrontEnd peer;

    @BeforeEach
    void serve(@TempDir Path folder) throws IOException {
        disk = new ServedDisk(folder);
        driver = new RawDriver();
        peer = disk.connect();
        peer.handshake(false);
        driver.shareMemory(peer);
        driver.setUpRing(peer, 0);
        driver.read();
        ServedDisk.awaitUsed(driver.ring, 1);
    }

    @AfterEach
    void stop() {
        peer.close();
        driver.close();
        disk.close();
    }

    private void assertSurvived() {
        peer.close();
        disk.awaitAlone();
        assertThat(disk.log())
                .hasSizeBetween(1, 2)
                .allSatisfy(line -> assertThat(line).hasLineCount(1).contains("took away memory"));
        disk.assertServes();
    }

    /** Again and again: early accesses are interpreted, later ones compiled. */
    @RepeatedTest(20)
    void memoryThatIsGoneWhenKicked_endsTheConnectionOnly() {
        driver.cutMemory(0);
        driver.kick();
        assertThat(peer.answer()).as("hang-up").isEmpty();

        assertSurvived();
    }

    @Test
    void memoryThatIsGoneWhenTheRingIsStopped_endsTheConnectionOnly() {
        driver.cutMemory(0);
        peer.send(RawFrontEnd.GET_VRING_BASE, u32(0, 0));

        assertThat(peer.answer()).as("hang-up").isEmpty();
        assertSurvived();
    }

    @Test
    void memoryThatIsGoneWhenARingStarts_endsTheConnectionOnly() {
        driver.cutMemory(0);
        peer.send(RawFrontEnd.SET_VRING_NUM, u32(1, RawDriver.SIZE));
        peer.send(RawFrontEnd.SET_VRING_ADDR, driver.addresses(1, 0));
        peer.send(RawFrontEnd.SET_VRING_KICK, u64(1), driver.kick);
        peer.send(RawFrontEnd.SET_VRING_ENABLE, u32(1, 1));

        assertThat(peer.answer()).as("hang-up").isEmpty();
        assertSurvived();
    }

    @Test
    void memoryThatIsGoneWhenTheFrontEndHangsUp_isNotTouchedInVain() {
        driver.cutMemory(0);
        peer.close();
        disk.awaitAlone();

        disk.assertServes();
    }

    /** The kernel moves the data, and refuses with EFAULT: an error of the request. */
    @Test
    void buffersThatAreGone_failTheRequestOnly() {
        driver.cutMemory(0x8000); // the ring, the header and the status stay
        try {
            driver.readIntoHole();
            ServedDisk.awaitUsed(driver.ring, 2);
            assertThat(driver.status()).isEqualTo(1);
        } finally {
            peer.close();
        }
        disk.awaitAlone();
        disk.assertServes();
        assertThat(disk.log()).isEmpty();
    }

    @Test
    void recordThatIsGone_endsTheConnectionOnly() {
        peer.send(RawFrontEnd.GET_INFLIGHT_FD, join(u64(0, 0), u32(4 | 256 << 16, 0)));
        VhostUserMessage reply = peer.receive().orElseThrow();
        int record = reply.takeFd(0);
        peer.send(RawFrontEnd.GET_VRING_BASE, u32(0, 0));
        assertThat(peer.receive()).isPresent();
        LibC.ftruncate(record, 0);
        LibC.close(record);
        peer.send(RawFrontEnd.SET_VRING_KICK, u64(0), driver.kick);

        assertThat(peer.answer()).as("hang-up").isEmpty();
        assertSurvived();
    }

    @Test
    void logThatIsGone_endsTheConnectionOnly() {
        int log = LibC.memfdCreate("log", 0);
        LibC.ftruncate(log, 4096 * 64);
        peer.send(RawFrontEnd.SET_LOG_BASE, u64(4096 * 64, 0), log);
        assertThat(peer.answer()).hasValue(0L);
        peer.send(RawFrontEnd.SET_FEATURES, u64(1L << 32 | 1L << 28 | 1L << 26 | 1L << 30));
        assertThat(peer.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        LibC.ftruncate(log, 0);
        LibC.close(log);
        driver.read();

        assertThat(peer.answer()).as("hang-up").isEmpty();
        assertSurvived();
    }
}
