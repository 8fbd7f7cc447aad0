package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static ringside.emulator.vhostuser.server.RawFrontEnd.join;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u32;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u64;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.ffi.LibC;
import ringside.emulator.vhostuser.ProtocolFeatures;

/**
 * One wrong message each. With REPLY_ACK it is refused and the connection goes on, without it the server hangs up. Both
 * times there is one line in the log, no descriptor stays open, and the next front-end is served.
 */
class HostileMessagesTest {
    private static final int PAGE = 4096;
    private static final int FILE_BYTES = 16 * PAGE;
    private static final long GPA = 0x1_0000_0000L;
    private static final long USER = 0x7f00_0000_0000L;

    /** A wrong message: how it is sent, and what the log says. */
    private record Case(String name, Consumer<RawFrontEnd> message, String logged) {}

    private final List<Case> cases = new ArrayList<>();
    private ServedDisk disk;
    private int file;
    private int event;

    @BeforeEach
    void serve(@TempDir Path folder) throws IOException {
        disk = new ServedDisk(folder);
        file = LibC.memfdCreate("hostile", 0);
        LibC.ftruncate(file, FILE_BYTES);
        event = LibC.eventfd();
    }

    @AfterEach
    void stop() {
        disk.close();
        LibC.close(file);
        LibC.close(event);
    }

    private void wrong(String name, String logged, int id, byte[] payload, int... fds) {
        cases.add(new Case(name, peer -> peer.send(id, payload, fds), logged));
    }

    @TestFactory
    Stream<DynamicTest> headers() {
        for (int id : new int[] {0, 4 + 3 + 16, 33, 63, 64, 200, -1}) {
            wrong("unknown request " + id, "request " + id + " is not known", id, new byte[0]);
        }
        for (int version : new int[] {0, 2, 3}) {
            cases.add(new Case(
                    "version " + version,
                    peer -> peer.sendRaw(RawFrontEnd.SET_OWNER, version | RawFrontEnd.NEED_REPLY, 0, new byte[0]),
                    "message 3 is not a request of version 1"));
        }
        cases.add(new Case(
                "reply flag",
                peer -> peer.sendRaw(
                        RawFrontEnd.SET_OWNER,
                        RawFrontEnd.VERSION | RawFrontEnd.REPLY | RawFrontEnd.NEED_REPLY,
                        0,
                        new byte[0]),
                "message 3 is not a request of version 1"));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> sizes() {
        wrongSize(RawFrontEnd.SET_OWNER, 8);
        wrongSize(RawFrontEnd.SET_FEATURES, 0, 4, 7, 9, 16);
        wrongSize(RawFrontEnd.SET_VRING_NUM, 0, 4, 12);
        wrongSize(RawFrontEnd.SET_VRING_ADDR, 8, 39, 48);
        wrongSize(RawFrontEnd.SET_VRING_BASE, 4);
        wrongSize(RawFrontEnd.SET_VRING_ENABLE, 4);
        wrongSize(RawFrontEnd.SET_VRING_KICK, 0, 4, 16);
        wrongSize(RawFrontEnd.SET_PROTOCOL_FEATURES, 4);
        wrongSize(RawFrontEnd.SET_LOG_BASE, 8);
        wrongSize(RawFrontEnd.ADD_MEM_REG, 0, 32, 48);
        wrong("memory table of 0 bytes", "a memory table has 1 to 8", RawFrontEnd.SET_MEM_TABLE, new byte[0]);
        wrong("memory table of 7 bytes", "a memory table has 1 to 8", RawFrontEnd.SET_MEM_TABLE, new byte[7]);
        wrong("half a region", "came with 24 bytes", RawFrontEnd.SET_MEM_TABLE, join(u32(1, 0), u64(0, 0)), file);
        wrong("configuration of 0 bytes", "SET_CONFIG of a range", RawFrontEnd.SET_CONFIG, new byte[0]);
        wrong("less than it says", "SET_CONFIG of a range", RawFrontEnd.SET_CONFIG, u32(0, 8, 0, 0));
        wrong("behind its end", "SET_CONFIG of a range", RawFrontEnd.SET_CONFIG, u32(256, 4, 0, 0));
        wrong("wrapping", "SET_CONFIG of a range", RawFrontEnd.SET_CONFIG, u32(0xffff_fffcL, 4, 0, 0));
        wrong("huge", "SET_CONFIG of a range", RawFrontEnd.SET_CONFIG, u32(0, 0xffff_fff8L, 0, 0));
        wrong("record of 16 bytes", "an in-flight message has", RawFrontEnd.SET_INFLIGHT_FD, new byte[16], file);
        return tests();
    }

    private void wrongSize(int id, int... sizes) {
        for (int size : sizes) {
            wrong(id + " with " + size + " bytes", "came with a payload of " + size, id, new byte[size]);
        }
    }

    @TestFactory
    Stream<DynamicTest> descriptors() {
        wrong("kick without", "came with 0 descriptors", RawFrontEnd.SET_VRING_KICK, u64(0));
        wrong("kick by a file", "is not an eventfd", RawFrontEnd.SET_VRING_KICK, u64(0), file);
        wrong("call by a file", "is not an eventfd", RawFrontEnd.SET_VRING_CALL, u64(0), file);
        wrong("kick with two", "came with 2 descriptors", RawFrontEnd.SET_VRING_KICK, u64(0), event, event);
        wrong("no-descriptor flag with one", "came with 1 desc", RawFrontEnd.SET_VRING_CALL, u64(1 << 8), event);
        wrong("ring to be polled for ever", "without a kick", RawFrontEnd.SET_VRING_KICK, u64(1 << 8));
        wrong("features with one", "it takes none", RawFrontEnd.SET_FEATURES, u64(1L << 32), event);
        wrong("region without", "one descriptor, not 0", RawFrontEnd.ADD_MEM_REG, region(GPA, PAGE, USER, 0));
        wrong("region with two", "not 2", RawFrontEnd.ADD_MEM_REG, region(GPA, PAGE, USER, 0), file, file);
        wrong("table without", "and 0 descriptors", RawFrontEnd.SET_MEM_TABLE, table(GPA, PAGE, USER, 0));
        wrong("table with two for one", "2 desc", RawFrontEnd.SET_MEM_TABLE, table(GPA, PAGE, USER, 0), file, file);
        wrong("log without", "one descriptor", RawFrontEnd.SET_LOG_BASE, u64(PAGE, 0));
        wrong("record without", "one descriptor, not 0", RawFrontEnd.SET_INFLIGHT_FD, inflight(PAGE, 0, 1, 4));
        for (int count : new int[] {9, 16, 17, 200}) {
            int[] many = new int[count];
            Arrays.fill(many, event);
            wrong(count + " at once", "more than 8", RawFrontEnd.SET_VRING_KICK, u64(0), many);
        }
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> queues() {
        for (long index : new long[] {ServedDisk.QUEUES, 63, 0x7fff_ffffL, 0xffff_ffffL}) {
            wrong("size of queue " + index, "there is no queue", RawFrontEnd.SET_VRING_NUM, u32(index, 16));
            wrong("base of queue " + index, "there is no queue", RawFrontEnd.SET_VRING_BASE, u32(index, 0));
            wrong("queue " + index + " on", "there is no queue", RawFrontEnd.SET_VRING_ENABLE, u32(index, 1));
            wrong(
                    "addresses of queue " + index,
                    "there is no queue",
                    RawFrontEnd.SET_VRING_ADDR,
                    join(u32(index, 0), u64(0, 0, 0, 0)));
        }
        wrong("kick of queue 200", "there is no queue", RawFrontEnd.SET_VRING_KICK, u64(200), event);
        wrong("call of queue 4", "there is no queue", RawFrontEnd.SET_VRING_CALL, u64(4), event);
        for (long size : new long[] {0, 3, 24, 512, 32768, 0x8000_0000L, 0xffff_ffffL}) {
            wrong("size " + size, "is not a power of two up to 256", RawFrontEnd.SET_VRING_NUM, u32(0, size));
        }
        wrong("base 65536", "is not a 16-bit index", RawFrontEnd.SET_VRING_BASE, u32(0, 65536));
        wrong("base -1", "is not a 16-bit index", RawFrontEnd.SET_VRING_BASE, u32(0, -1));
        wrong("neither on nor off", "takes 0 or 1, not 2", RawFrontEnd.SET_VRING_ENABLE, u32(0, 2));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> features() {
        wrong("unknown feature", "were not offered", RawFrontEnd.SET_FEATURES, u64(1L << 63));
        wrong(
                "unknown protocol feature",
                "STATUS were not offered",
                RawFrontEnd.SET_PROTOCOL_FEATURES,
                u64(ProtocolFeatures.STATUS | ProtocolFeatures.REPLY_ACK));
        wrong("SET_STATUS", "is not served", 39, u64(0));
        return tests();
    }

    @TestFactory
    Stream<DynamicTest> memory() {
        int pipeLike = event;
        memoryCase("empty region", "is empty or wraps", GPA, 0, USER, 0);
        memoryCase("guest addresses wrap", "is empty or wraps", Long.MAX_VALUE - 10, PAGE, USER, 0);
        memoryCase("guest address with bit 63", "is empty or wraps", Long.MIN_VALUE, PAGE, USER, 0);
        memoryCase("negative length", "is empty or wraps", GPA, -PAGE, USER, 0);
        memoryCase("user addresses wrap", "wraps", GPA, PAGE, -PAGE, 0);
        memoryCase("file offset wraps", "wraps", GPA, PAGE, USER, Long.MAX_VALUE - 10);
        memoryCase("file offset with bit 63", "wraps", GPA, PAGE, USER, Long.MIN_VALUE);
        memoryCase("behind its file", "ends behind its file", GPA, FILE_BYTES + PAGE, USER, 0);
        memoryCase("begins behind its file", "ends behind its file", GPA, PAGE, USER, FILE_BYTES);
        memoryCase("huge", "", GPA, 1L << 62, USER, 0);
        wrong("not a file", "", RawFrontEnd.ADD_MEM_REG, region(GPA, PAGE, USER, 0), pipeLike);
        wrong("not a file in a table", "", RawFrontEnd.SET_MEM_TABLE, table(GPA, PAGE, USER, 0), pipeLike);
        wrong("no regions", "1 to 8 regions, not 0", RawFrontEnd.SET_MEM_TABLE, u32(0, 0));
        wrong("nine regions", "1 to 8 regions, not 9", RawFrontEnd.SET_MEM_TABLE, join(u32(9, 0), new byte[9 * 32]));
        wrong("4 G regions", "not 4294967295", RawFrontEnd.SET_MEM_TABLE, u32(-1, 0));
        wrong(
                "overlap",
                "overlap",
                RawFrontEnd.SET_MEM_TABLE,
                join(u32(2, 0), u64(GPA, 2 * PAGE, USER, 0, GPA + PAGE, PAGE, USER + (1 << 20), 0)),
                file,
                file);
        wrong("absent region removed", "to be removed", RawFrontEnd.REM_MEM_REG, region(GPA, PAGE, USER, 0));
        return tests();
    }

    private void memoryCase(String name, String logged, long gpa, long bytes, long user, long offset) {
        wrong(name, logged, RawFrontEnd.ADD_MEM_REG, region(gpa, bytes, user, offset), file);
        wrong(name + " in a table", logged, RawFrontEnd.SET_MEM_TABLE, table(gpa, bytes, user, offset), file);
    }

    @TestFactory
    Stream<DynamicTest> logsAndRecords() {
        wrong("empty log", "is not in a file", RawFrontEnd.SET_LOG_BASE, u64(0, 0), file);
        wrong("log behind its file", "is not in a file", RawFrontEnd.SET_LOG_BASE, u64(FILE_BYTES + 8, 0), file);
        wrong("log with a wild offset", "is not in a file", RawFrontEnd.SET_LOG_BASE, u64(8, Long.MAX_VALUE), file);
        wrong("log with a wild size", "is not in a file", RawFrontEnd.SET_LOG_BASE, u64(Long.MIN_VALUE, 8), file);
        wrong("crooked log", "multiple of 4 bytes", RawFrontEnd.SET_LOG_BASE, u64(PAGE, 3), file);
        wrong("no queues", "1 to 4 queues, not 0", RawFrontEnd.SET_INFLIGHT_FD, inflight(PAGE, 0, 0, 4), file);
        wrong("too many queues", "queues, not 65535", RawFrontEnd.SET_INFLIGHT_FD, inflight(PAGE, 0, 65535, 4), file);
        wrong("no entries", "entries, not 0", RawFrontEnd.SET_INFLIGHT_FD, inflight(PAGE, 0, 1, 0), file);
        wrong("too many entries", "entries, not 512", RawFrontEnd.SET_INFLIGHT_FD, inflight(PAGE, 0, 1, 512), file);
        wrong("too small", "is too small", RawFrontEnd.SET_INFLIGHT_FD, inflight(64, 0, 1, 256), file);
        wrong(
                "record behind its file",
                "is not in a file",
                RawFrontEnd.SET_INFLIGHT_FD,
                inflight(1 << 20, FILE_BYTES, 1, 256),
                file);
        wrong(
                "wild record offset",
                "is not in a file",
                RawFrontEnd.SET_INFLIGHT_FD,
                inflight(1 << 20, Long.MAX_VALUE, 1, 256),
                file);
        return tests();
    }

    private static byte[] region(long gpa, long bytes, long user, long offset) {
        return u64(0, gpa, bytes, user, offset);
    }

    private static byte[] table(long gpa, long bytes, long user, long offset) {
        return join(u32(1, 0), u64(gpa, bytes, user, offset));
    }

    private static byte[] inflight(long bytes, long offset, int queues, int size) {
        return join(u64(bytes, offset), u32(queues | size << 16, 0));
    }

    private Stream<DynamicTest> tests() {
        disk.assertServes(); // what the JVM opens once is open now
        return cases.stream()
                .flatMap(wrong -> Stream.of(
                        dynamicTest(wrong.name + ", acknowledged", () -> refuses(wrong)),
                        dynamicTest(wrong.name, () -> hangsUp(wrong))));
    }

    private void refuses(Case wrong) {
        disk.log().clear();
        disk.awaitAlone();
        long files = ServedDisk.openFiles();
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(true);
            wrong.message.accept(peer);
            assertThat(peer.answer())
                    .as("acknowledgement")
                    .hasValueSatisfying(v -> assertThat(v).isNotZero());
            assertThat(peer.ask(RawFrontEnd.GET_FEATURES, new byte[0])).isNotZero();
        }
        assertAfterwards(wrong, files);
    }

    private void hangsUp(Case wrong) {
        disk.log().clear();
        disk.awaitAlone();
        long files = ServedDisk.openFiles();
        try (RawFrontEnd peer = disk.connect()) {
            peer.handshake(false);
            wrong.message.accept(peer);
            assertThat(peer.answer()).as("hang-up").isEqualTo(Optional.empty());
        }
        assertAfterwards(wrong, files);
    }

    private void assertAfterwards(Case wrong, long files) {
        disk.awaitAlone();
        assertThat(disk.log()).hasSize(1);
        assertThat(disk.log().getFirst()).contains(wrong.logged).hasLineCount(1);
        assertThat(ServedDisk.openFiles()).as("open files").isEqualTo(files);
        disk.assertServes();
        assertThat(disk.log()).hasSize(1);
    }
}
