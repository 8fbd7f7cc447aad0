package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static ringside.emulator.vhostuser.server.RawFrontEnd.join;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u32;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u64;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.virtqueue.RawSplitRing;

/** Front-ends that break off, come in an unusual order, or set up what cannot run. */
class HostileConnectionsTest {
    private static final int RLIMIT_NOFILE = 7;

    private ServedDisk disk;
    private RawDriver driver;

    @BeforeEach
    void serve(@TempDir Path folder) throws IOException {
        disk = new ServedDisk(folder);
        driver = new RawDriver();
    }

    @AfterEach
    void stop() {
        driver.close();
        disk.close();
    }

    private void assertHungUp(RawFrontEnd peer, String logged) {
        assertThat(peer.answer()).as("hang-up").isEqualTo(Optional.empty());
        disk.awaitAlone();
        assertThat(disk.log()).hasSize(1);
        assertThat(disk.log().getFirst()).contains(logged).hasLineCount(1);
        disk.assertServes();
    }

    private void assertRefused(RawFrontEnd peer, String logged) {
        assertThat(peer.answer().orElseThrow()).as("acknowledgement").isNotZero();
        assertThat(disk.log()).hasSize(1);
        assertThat(disk.log().getFirst()).contains(logged).hasLineCount(1);
    }

    @Test
    void messageInPieces_isUnderstood() {
        try (RawFrontEnd peer = disk.connect()) {
            byte[] owner = u32(RawFrontEnd.SET_OWNER, RawFrontEnd.VERSION, 0);
            byte[] features = u32(RawFrontEnd.GET_FEATURES, RawFrontEnd.VERSION, 0);
            for (byte piece : join(owner, features)) {
                peer.sendBytes(new byte[] {piece});
            }
            assertThat(peer.answer().orElseThrow()).isNotZero();
        }
        assertThat(disk.log()).isEmpty();
    }

    /** A stream has no borders: descriptors belong to the message with whose bytes they came. */
    @Test
    void twoMessagesInOneSend_areBothAnswered() {
        try (RawFrontEnd peer = disk.connect()) {
            byte[] features = u32(RawFrontEnd.GET_FEATURES, RawFrontEnd.VERSION, 0);
            peer.sendBytes(join(features, features));
            assertThat(peer.answer()).isPresent().isEqualTo(peer.answer());
        }
    }

    @Test
    void descriptorWithThePayload_arrives() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            driver.setUpRing(peer, 0);
            peer.sendBytes(u32(RawFrontEnd.SET_VRING_KICK, RawFrontEnd.VERSION | RawFrontEnd.NEED_REPLY, 8));
            peer.sendBytes(u64(0), driver.kick);
            assertThat(peer.answer()).hasValue(0L);
            driver.read();
            ServedDisk.awaitUsed(driver.ring, 1);
        }
    }

    /** QEMU unplugs a disk and plugs another on the same connection. */
    @Test
    void secondOwner_beginsAnew() {
        try (RawFrontEnd peer = disk.connect();
                RawDriver next = new RawDriver()) {
            peer.handshake(true);
            for (RawDriver each : new RawDriver[] {driver, next}) {
                peer.say(RawFrontEnd.SET_OWNER, new byte[0]);
                peer.say(
                        RawFrontEnd.SET_FEATURES,
                        u64(RawFrontEnd.VERSION_1
                                | RawFrontEnd.INDIRECT
                                | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES));
                each.shareMemory(peer);
                each.setUpRing(peer, 0);
                peer.say(RawFrontEnd.SET_VRING_KICK, u64(0), each.kick);
                each.read();
                ServedDisk.awaitUsed(each.ring, 1);
            }
        }
        assertThat(disk.log()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1025, 4096, 0x7fff_ffffL, 0xffff_ffffL})
    void giantPayload_endsTheConnection(long size) {
        try (RawFrontEnd peer = disk.connect()) {
            peer.sendRaw(RawFrontEnd.SET_FEATURES, RawFrontEnd.VERSION, (int) size, new byte[0]);
            assertHungUp(peer, "announces a payload of " + size + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 11, 12, 15})
    void deathInTheMiddleOfAMessage_isSurvived(int bytes) {
        long files = filesWhenAlone();
        byte[] whole = join(u32(RawFrontEnd.SET_VRING_KICK, RawFrontEnd.VERSION, 8), u64(0));
        try (RawFrontEnd peer = disk.connect()) {
            peer.sendBytes(java.util.Arrays.copyOf(whole, bytes), driver.kick);
        }
        ServedDisk.await("no line in the log", () -> !disk.log().isEmpty());
        disk.awaitAlone(); // the line comes before the connection is closed
        assertThat(disk.log()).hasSize(1);
        assertThat(disk.log().getFirst()).contains("hung up in the middle of");
        assertThat(ServedDisk.openFiles()).isEqualTo(files);
        disk.assertServes();
    }

    private long filesWhenAlone() {
        disk.assertServes();
        disk.awaitAlone();
        return ServedDisk.openFiles();
    }

    @Test
    void deathWithRequestsInFlight_isSurvived() {
        long files = filesWhenAlone();
        for (int i = 0; i < 20; i++) {
            try (RawFrontEnd peer = disk.connect();
                    RawDriver dying = new RawDriver()) {
                peer.handshake(false);
                dying.shareMemory(peer);
                dying.setUpRing(peer, i % ServedDisk.QUEUES);
                dying.read();
            }
        }
        disk.assertServes();
        disk.awaitAlone();
        assertThat(disk.log()).isEmpty();
        assertThat(ServedDisk.openFiles()).isEqualTo(files);
    }

    @Test
    void manyShortConnections_leaveNothingOpen() {
        long files = filesWhenAlone();
        long before = disk.export().snapshot().connections();
        for (int i = 0; i < 200; i++) {
            disk.connect().close();
        }
        disk.assertServes();
        disk.awaitAlone();
        assertThat(disk.export().snapshot().connections()).isEqualTo(before + 201);
        assertThat(ServedDisk.openFiles()).isEqualTo(files);
        assertThat(disk.log()).isEmpty();
    }

    /** One front-end is served, the next one waits, and in between the host has no descriptors for a while. */
    @Test
    void hostWithoutDescriptors_onlyDelaysTheNextFrontEnd() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit (util-linux) is not installed");
        assertThat(Errno.describe(Errno.EMFILE)).isNotBlank(); // a class cannot be loaded without descriptors
        assertThat(new NativeException("loaded", 0).errno()).isZero();
        long limit = LibC.softLimit(RLIMIT_NOFILE);
        RawFrontEnd first = disk.connect();
        assertThat(first.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        try (RawFrontEnd second = disk.connect()) {
            limitDescriptorsForASecond(limit);
            ServedDisk.await("prlimit had no effect", () -> LibC.softLimit(RLIMIT_NOFILE) == 0);
            first.close();
            ServedDisk.await("no line in the log", () -> !disk.log().isEmpty());
            ServedDisk.await("prlimit did not undo it", () -> LibC.softLimit(RLIMIT_NOFILE) == limit);
            assertThat(second.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        }
        assertThat(disk.log()).hasSize(1);
        assertThat(disk.log().getFirst()).contains("cannot accept a connection");
        disk.assertServes();
    }

    private static void limitDescriptorsForASecond(long limitBefore) throws IOException {
        String prlimit = "prlimit --pid " + ProcessHandle.current().pid() + " --nofile=";
        new ProcessBuilder("sh", "-c", prlimit + "0: && sleep 1; " + prlimit + limitBefore + ":")
                .inheritIO()
                .start();
    }

    @Test
    void ringBeforeMemoryAndKickedBeforeSetUp_isServedOnceAllIsThere() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.read();
            driver.kick();
            driver.setUpRing(peer, 1);
            driver.kick();
            driver.shareMemory(peer);
            ServedDisk.awaitUsed(driver.ring, 1);
            assertThat(driver.status()).isZero();
            assertThat(driver.firstByteRead()).isEqualTo(ServedDisk.CONTENT);
        }
        disk.assertServes();
        assertThat(disk.log()).isEmpty();
    }

    @Test
    void kickOfAQueueWithoutSetUp_doesNothing() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.kick();
            peer.say(RawFrontEnd.SET_VRING_KICK, u64(0), driver.kick);
            driver.kick();
            peer.say(RawFrontEnd.SET_VRING_ENABLE, u32(0, 1));
            driver.kick();
            assertThat(peer.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        }
        disk.assertServes();
        assertThat(disk.log()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, RawDriver.MEMORY_BYTES, -RawDriver.MEMORY_BYTES, 1L << 40})
    void unusableRingAddresses_areRefused(long shift) {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            peer.say(RawFrontEnd.SET_VRING_NUM, u32(0, RawDriver.SIZE));
            peer.say(RawFrontEnd.SET_VRING_ADDR, driver.addresses(0, shift));
            peer.say(RawFrontEnd.SET_VRING_KICK, u64(0), driver.kick);
            peer.send(RawFrontEnd.SET_VRING_ENABLE, u32(0, 1));
            assertRefused(peer, shift < 16 && shift > 0 ? "not aligned" : "in no memory region");
        }
        disk.assertServes();
    }

    @Test
    void ringThatEndsBehindItsMemory_isRefused() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            long last = RawDriver.USER + RawDriver.MEMORY_BYTES - 16;
            peer.say(RawFrontEnd.SET_VRING_NUM, u32(0, RawDriver.SIZE));
            peer.say(RawFrontEnd.SET_VRING_ADDR, join(u32(0, 0), u64(last, RawDriver.USER, RawDriver.USER + 4096, 0)));
            peer.say(RawFrontEnd.SET_VRING_KICK, u64(0), driver.kick);
            peer.send(RawFrontEnd.SET_VRING_ENABLE, u32(0, 1));
            assertRefused(peer, "outside guest memory");
        }
        disk.assertServes();
    }

    /** The reply of these requests has no room for a refusal, so need_reply changes nothing (vhost-user, REPLY_ACK). */
    @Test
    void requestWithAReplyOfItsOwn_isNotAcknowledgedWhenRefused() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            peer.send(RawFrontEnd.GET_VRING_BASE, u32(ServedDisk.QUEUES, 0));
            assertHungUp(peer, "there is no queue 4");
        }
    }

    @Test
    void recordForTooManyQueues_isNotAcknowledgedWhenRefused() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            peer.send(RawFrontEnd.GET_INFLIGHT_FD, join(u64(0, 0), u32(65535 | 256 << 16, 0)));
            assertHungUp(peer, "queues, not 65535");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 253, 256, 0x7fff_fff0L, 0xffff_fff0L})
    void configurationOfAWrongRange_isAnsweredWithoutBytes(long offset) {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(false);
            long bytes = offset == 0 ? 257 : 8;
            peer.send(RawFrontEnd.GET_CONFIG, join(u32(offset, bytes, 0), new byte[8]));
            assertThat(peer.receive().map(VhostUserMessage::payloadBytes)).hasValue(0L);
            assertThat(peer.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        }
    }

    @Test
    void refusedMemoryRegion_leavesTheRingRunning() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            driver.setUpRing(peer, 0);
            driver.read();
            ServedDisk.awaitUsed(driver.ring, 1);

            byte[] overlapping = u64(0, RawDriver.GPA, 4096, RawDriver.USER + (1L << 32), 0);
            peer.send(RawFrontEnd.ADD_MEM_REG, overlapping, driver.memory.fileDescriptor());
            assertRefused(peer, "overlap");

            driver.read();
            ServedDisk.awaitUsed(driver.ring, 2);
            assertThat(driver.status()).isZero();
        }
    }

    @Test
    void memoryTableWithoutTheRing_isRefusedAndTheRingRests() {
        int other = LibC.memfdCreate("other", 0);
        LibC.ftruncate(other, 4096);
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            driver.setUpRing(peer, 0);
            peer.send(RawFrontEnd.SET_MEM_TABLE, join(u32(1, 0), u64(RawDriver.GPA, 4096, 0x1000, 0)), other);
            assertRefused(peer, "in no memory region");
            driver.read();
            driver.shareMemory(peer);
            ServedDisk.awaitUsed(driver.ring, 1);
        } finally {
            LibC.close(other);
        }
        disk.assertServes();
    }

    @Test
    void brokenRing_isReportedOnceAndTheNextFrontEndServed() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            driver.setUpRing(peer, 0);
            driver.ring.availEntry(0, 0xffff).availIdx(1);
            driver.kick();
            ServedDisk.await("no line in the log", () -> !disk.log().isEmpty());
            driver.kick();
            assertThat(peer.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        }
        assertThat(disk.log()).hasSize(1);
        assertThat(disk.log().getFirst()).contains("the device is broken");
        disk.assertServes();
    }

    @Test
    void buffersOutsideTheMemory_breakTheDeviceOnly() {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            driver.setUpRing(peer, 0);
            driver.ring.desc(0, RawDriver.USER, 16, RawSplitRing.NEXT, 1);
            driver.ring.desc(1, RawDriver.USER, 513, RawSplitRing.WRITE, 0);
            driver.ring.offer(0);
            driver.kick();
            ServedDisk.await("no line in the log", () -> !disk.log().isEmpty());
        }
        assertThat(disk.log()).hasSize(1);
        disk.assertServes();
    }
}
