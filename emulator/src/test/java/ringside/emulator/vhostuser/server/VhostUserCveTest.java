package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.vhostuser.server.RawFrontEnd.join;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u32;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u64;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.ffi.LibC;
import ringside.emulator.memory.SharedFile;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;

/** One front-end for each class of bugs that had a CVE in other vhost-user back-ends. Numbers as in docs/fuzzing.md. */
class VhostUserCveTest {
    private static final int FLOOD = 300;
    private static final int SET_LOG_BASE_REPLIES = 1;

    private ServedDisk disk;
    private RawDriver driver;

    @BeforeEach
    void serve(@TempDir Path folder) throws IOException {
        disk = new ServedDisk(folder);
        driver = new RawDriver();
        disk.assertServes();
        disk.awaitAlone();
    }

    @AfterEach
    void stop() {
        driver.close();
        disk.close();
    }

    private static byte[] inflight(long bytes, int queues, int size) {
        return join(u64(bytes, 0), u32(queues | size << 16, 0));
    }

    /** Class 9, addresses outside of memory. CVE-2018-1059 (DPDK): ring addresses were checked at their begin only. */
    @ParameterizedTest
    @ValueSource(longs = {RawDriver.MEMORY_BYTES - 64, RawDriver.MEMORY_BYTES, -4096, Long.MIN_VALUE, 1L << 62})
    void class09_ringNotWhollyInMemory_isRefused(long shift) {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            driver.setUpRing(peer, 0);
            peer.ask(RawFrontEnd.GET_VRING_BASE, u32(0, 0));
            peer.say(RawFrontEnd.SET_VRING_ADDR, driver.addresses(0, shift));
            peer.send(RawFrontEnd.SET_VRING_KICK, u64(0), driver.kick);
            assertThat(peer.answer().orElseThrow()).as("acknowledgement").isNotZero();
        }
        disk.assertServes();
    }

    /** Class 10, sums that overflow. CVE-2020-10722 (DPDK): offset and size of the log; CVE-2020-10723: the queue's index. */
    @ParameterizedTest
    @CsvSource({"-1,1", "1,-1", "-4096,4096", "9223372036854775807,8", "8,9223372036854775807"})
    void class10_logWhoseEndOverflows_isRefused(long bytes, long offset) {
        int file = LibC.memfdCreate("log", 0);
        LibC.ftruncate(file, 1 << 16);
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            peer.send(RawFrontEnd.SET_LOG_BASE, u64(bytes, offset), file);
            assertThat(peer.answer().orElseThrow()).as("acknowledgement").isNotZero();
        } finally {
            LibC.close(file);
        }
        disk.assertServes();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x100, 0x1_0000, 0x1_0000_0000L, 0xff, 0xffff_ffffL})
    void class10_queueIndexThatWouldBeTruncated_namesNoOtherQueue(long index) {
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            peer.send(RawFrontEnd.SET_VRING_NUM, join(u32(index), u32(16)));
            long answer = peer.answer().orElseThrow();
            // 2^32 is not a number that this field can hold: the message names queue 0.
            assertThat(answer == 0).isEqualTo((int) index == 0);
        }
        disk.assertServes();
    }

    /** Class 16, a flood of in-flight messages. CVE-2020-10726 (DPDK): each GET_INFLIGHT_FD leaked a descriptor. */
    @Test
    void class16_floodOfInflightMessages_leavesNoDescriptorOpen() {
        long files = ServedDisk.openFiles();
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(false);
            for (int i = 0; i < FLOOD; i++) {
                peer.send(RawFrontEnd.GET_INFLIGHT_FD, inflight(0, ServedDisk.QUEUES, 128));
                VhostUserMessage reply = peer.receive().orElseThrow();
                int fd = reply.takeFd(0);
                peer.send(RawFrontEnd.SET_INFLIGHT_FD, inflight(reply.u64(0), ServedDisk.QUEUES, 128), fd);
                LibC.close(fd);
            }
            assertThat(peer.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
            assertThat(ServedDisk.openFiles()).isLessThan(files + 8);
        }
        disk.awaitAlone();
        assertThat(ServedDisk.openFiles()).isEqualTo(files);
    }

    /** Class 16, num_queues unchecked: CVE-2021-3839 (DPDK). Too many descriptors: CVE-2022-0669, CVE-2022-2132 (DPDK). */
    @ParameterizedTest
    @CsvSource({"0,16", "5,16", "65535,16", "1,0", "1,512", "65535,65535"})
    void class16_inflightAreaOfTooManyQueues_isRefused(int queues, int size) {
        int file = LibC.memfdCreate("inflight", 0);
        LibC.ftruncate(file, 1 << 20);
        long files = ServedDisk.openFiles();
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            peer.send(RawFrontEnd.SET_INFLIGHT_FD, inflight(1 << 20, queues, size), file);
            assertThat(peer.answer().orElseThrow()).as("acknowledgement").isNotZero();
        }
        disk.awaitAlone();
        assertThat(ServedDisk.openFiles()).isEqualTo(files);
        LibC.close(file);
        disk.assertServes();
    }

    /**
     * Class 17, requests lost or repeated by a reconnect. Cloud Hypervisor, pull request 8592: the ring went on at
     * avail.idx. Here the record decides: what was used is not repeated, and the next request is the next one.
     */
    @Test
    void class17_reconnectWithTheRecord_goesOnBehindWhatWasUsed() {
        int record;
        long bytes;
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            peer.send(RawFrontEnd.GET_INFLIGHT_FD, inflight(0, ServedDisk.QUEUES, RawDriver.SIZE));
            VhostUserMessage reply = peer.receive().orElseThrow();
            record = reply.takeFd(0);
            bytes = reply.u64(0);
            driver.setUpRing(peer, 0);
            for (int i = 1; i <= 3; i++) {
                driver.read();
                ServedDisk.awaitUsed(driver.ring, i);
            }
        }
        disk.awaitAlone();
        driver.read(); // while nobody is there
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            driver.shareMemory(peer);
            peer.say(RawFrontEnd.SET_INFLIGHT_FD, inflight(bytes, ServedDisk.QUEUES, RawDriver.SIZE), record);
            driver.setUpRing(peer, 0); // says base 0, which is wrong by now
            ServedDisk.awaitUsed(driver.ring, 4);
            assertThat(driver.status()).isZero();
            assertThat(driver.firstByteRead()).isEqualTo(ServedDisk.CONTENT);
        } finally {
            LibC.close(record);
        }
    }

    /** Class 24, a dirty log that is shorter than memory. CVE-2019-14835 (vhost-net), CVE-2020-10722 (DPDK). */
    @Test
    void class24_logShorterThanMemory_isNotWrittenBehindItsEnd() {
        int file = LibC.memfdCreate("log", 0);
        int mapped = 4096;
        LibC.ftruncate(file, mapped);
        try (SharedFile whole = SharedFile.map(file, 0, mapped);
                RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            peer.say(
                    RawFrontEnd.SET_FEATURES,
                    u64(RawFrontEnd.VERSION_1
                            | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES
                            | ProtocolFeatures.VHOST_F_LOG_ALL));
            driver.shareMemory(peer);
            // Guest memory begins at 4 GiB: its bits would be far behind these 4 bytes, and in the page all the same.
            peer.send(RawFrontEnd.SET_LOG_BASE, u64(4, 64), file);
            for (int i = 0; i < SET_LOG_BASE_REPLIES; i++) {
                assertThat(peer.answer().orElseThrow()).isZero();
            }
            driver.setUpRing(peer, 0);
            driver.read();
            ServedDisk.awaitUsed(driver.ring, 1);
            MemorySegment bits = whole.segment();
            assertThat(bits.asSlice(0, 64).mismatch(MemorySegment.ofArray(new byte[64])))
                    .isEqualTo(-1);
            assertThat(bits.asSlice(68).mismatch(MemorySegment.ofArray(new byte[mapped - 68])))
                    .isEqualTo(-1);
        } finally {
            LibC.close(file);
        }
        disk.assertServes();
    }
}
