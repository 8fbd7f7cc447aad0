package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.LogWritesSpec;
import ringside.emulator.ffi.Errno;

class LogWritesNodeTest {
    private static final int DISK_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private FilterFixture logged(int sectorBytes, boolean append) throws IOException {
        Path log = folder.resolve("log");
        if (!append) {
            Files.deleteIfExists(log);
        }
        return new FilterFixture(new LogWritesSpec(
                FilterFixture.image(folder, "disk", DISK_BYTES),
                append ? new FileSpec(existing(log)) : FilterFixture.file(folder, "log"),
                sectorBytes,
                append));
    }

    private static BlockNodeSpec.Raw existing(Path path) {
        return new BlockNodeSpec.Raw(path, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true);
    }

    /** An entry as the kernel's documentation describes it, read without the code under test. */
    private record Entry(long sector, long sectors, long flags, byte[] data, String text) {}

    private List<Entry> entries() throws IOException {
        return entries(folder.resolve("log"));
    }

    private static List<Entry> entries(Path path) throws IOException {
        ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(log.getLong(0)).isEqualTo(0x6a736677736872L);
        assertThat(log.getLong(8)).isEqualTo(1);
        int sectorBytes = log.getInt(24);
        List<Entry> entries = new ArrayList<>();
        int at = sectorBytes;
        for (long i = 0; i < log.getLong(16); i++) {
            long flags = log.getLong(at + 16);
            int dataBytes = (flags & 4) != 0 ? 0 : (int) log.getLong(at + 8) * sectorBytes;
            byte[] text = new byte[(int) log.getLong(at + 24)];
            log.get(at + 32, text);
            byte[] data = new byte[dataBytes];
            log.get(at + sectorBytes, data);
            entries.add(new Entry(log.getLong(at), log.getLong(at + 8), flags, data, new String(text)));
            at += sectorBytes + dataBytes;
        }
        return entries;
    }

    private byte[] replayed(int sectorBytes) throws IOException {
        byte[] disk = new byte[DISK_BYTES];
        for (Entry entry : entries()) {
            System.arraycopy(entry.data(), 0, disk, (int) entry.sector() * sectorBytes, entry.data().length);
        }
        return disk;
    }

    @Test
    void changesOfBothSides_areReplayedToTheSameDisk() throws IOException {
        Random random = new Random(5);
        try (FilterFixture f = logged(512, false)) {
            for (int i = 0; i < 300; i++) {
                int bytes = 512 * (1 + random.nextInt(16));
                long offset = 512L * random.nextInt((DISK_BYTES - bytes) / 512);
                switch (random.nextInt(5)) {
                    case 0, 1 -> assertThat(f.write(offset, f.filled(bytes, i))).isZero();
                    case 2 ->
                        assertThat(f.run(BlockOp.WRITE_ZEROES, offset, bytes)).isZero();
                    case 3 -> f.node.file().write(offset + 3, f.filled(bytes - 7, i));
                    default -> f.node.file().writeZeroes(offset + 1, bytes - 3, true);
                }
            }
            f.submit(BlockOp.WRITE, 0, 4096, f.filled(4096, 1));
            f.submit(BlockOp.WRITE, 8192, 4096, f.filled(1024, 2), f.filled(3072, 3));
            f.finish();
        }

        assertThat(replayed(512)).isEqualTo(Files.readAllBytes(folder.resolve("disk")));
    }

    @Test
    void everyKindOfEntry_isWrittenAsTheFormatSays() throws IOException {
        try (FilterFixture f = logged(512, false)) {
            FilterFixture.Request stable = f.new Request();
            stable.block.fua = true;
            stable.submit(BlockOp.WRITE, 1024, 512, f.filled(512, 9));
            f.finish();
            f.run(BlockOp.DISCARD, 4096, 8192);
            f.run(BlockOp.FLUSH, 0, 0);
            f.node.file().discard(511, 1026);
            f.node.file().truncate(DISK_BYTES);
        }

        List<Entry> entries = entries();
        assertThat(entries).extracting(Entry::flags).containsExactly(2L, 4L, 1L, 4L, 8L);
        assertThat(entries).extracting(Entry::sector).containsExactly(2L, 8L, 0L, 1L, 0L);
        assertThat(entries).extracting(Entry::sectors).containsExactly(1L, 16L, 0L, 2L, 0L);
        assertThat(entries.getFirst().data()).containsOnly(9);
        assertThat(entries.getLast().text()).isEqualTo("truncate " + DISK_BYTES);
    }

    /** What is around a discard in a larger sector of the log is still there. */
    @Test
    void discardOfPartsOfSectors_isLoggedWithoutThem() throws IOException {
        try (FilterFixture f = logged(4096, false)) {
            f.run(BlockOp.DISCARD, 512, 4096);
            f.run(BlockOp.DISCARD, 512, 8192);
            f.run(BlockOp.FLUSH, 0, 0);
        }

        List<Entry> entries = entries();
        assertThat(entries).extracting(Entry::flags).containsExactly(4L, 1L);
        assertThat(entries).extracting(Entry::sector).containsExactly(1L, 0L);
        assertThat(entries).extracting(Entry::sectors).containsExactly(1L, 0L);
    }

    @Test
    void flush_makesTheLogCountItsEntries() throws IOException {
        try (FilterFixture f = logged(512, false)) {
            f.write(0, f.filled(512, 1));
            assertThat(entries()).isEmpty();
            f.run(BlockOp.FLUSH, 0, 0);
            assertThat(entries()).hasSize(2);
            f.node.file().flush();
            assertThat(entries()).hasSize(3);
        }
    }

    @Test
    void largerSectors_areLoggedWithWhatIsAround() throws IOException {
        try (FilterFixture f = logged(4096, false)) {
            assertThat(f.node.physicalBlockBytes()).isEqualTo(4096);
            f.write(0, f.filled(8192, 1));
            f.write(1024, f.filled(512, 2));
        }

        assertThat(entries()).extracting(Entry::sectors).containsExactly(2L, 1L);
        assertThat(replayed(4096)).isEqualTo(Files.readAllBytes(folder.resolve("disk")));
    }

    @Test
    void longRequests_areWhole() throws IOException {
        try (FilterFixture f = logged(512, false)) {
            f.write(0, f.filled(DISK_BYTES, 0x55));
            f.run(BlockOp.WRITE_ZEROES, 0, DISK_BYTES / 2);
        }

        assertThat(replayed(512)).isEqualTo(Files.readAllBytes(folder.resolve("disk")));
    }

    @Test
    void appendedLog_goesOnWhereItEnded() throws IOException {
        try (FilterFixture f = logged(512, false)) {
            f.write(0, f.filled(1024, 1));
        }
        try (FilterFixture f = logged(512, true)) {
            f.write(512, f.filled(1024, 2));
        }

        assertThat(entries()).hasSize(2);
        assertThat(replayed(512)).isEqualTo(Files.readAllBytes(folder.resolve("disk")));
        assertThatThrownBy(() -> logged(4096, true)).hasMessageContaining("not one with sectors of 4096 bytes");
    }

    @Test
    void writeThatCannotBeLogged_failsAndIsNotInTheLog() throws IOException {
        BlkdebugSpec.Injection full =
                new BlkdebugSpec.Injection("pwritev", 2, List.of("write"), Errno.ENOSPC, -1, true, 0);
        BlkdebugSpec log = new BlkdebugSpec(
                FilterFixture.file(folder, "log"),
                List.of(full),
                List.of(new BlkdebugSpec.Transition("pwritev", 1, 2)),
                0);
        try (FilterFixture f = new FilterFixture(
                new LogWritesSpec(FilterFixture.image(folder, "disk", DISK_BYTES), log, 512, false))) {
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.ENOSPC);
            assertThat(f.write(512, f.filled(512, 2))).isZero();
        }

        assertThat(entries()).extracting(Entry::sector).containsExactly(1L);
    }

    /** A flush makes stable what had ended when it began, and the log must not promise more. */
    @Test
    void writesThatEndDuringAFlush_areLoggedBehindIt() throws Exception {
        BlkdebugSpec slow = new BlkdebugSpec(
                FilterFixture.image(folder, "disk", DISK_BYTES),
                List.of(new BlkdebugSpec.Injection(
                        "none", 0, List.of("flush"), 0, -1, false, TimeUnit.MILLISECONDS.toNanos(200))),
                List.of(),
                0);
        try (FilterFixture f =
                new FilterFixture(new LogWritesSpec(slow, FilterFixture.file(folder, "log"), 512, false))) {
            f.write(0, f.filled(512, 1));
            f.submit(BlockOp.FLUSH, 0, 0);
            f.submit(BlockOp.WRITE, 512, 512, f.filled(512, 2));
            f.backend.commit();
            Thread blocking = Thread.startVirtualThread(() -> f.node.file().writeZeroes(1024, 512, false));
            f.finish();
            blocking.join();
        }

        assertThat(entries()).extracting(Entry::flags).containsExactly(0L, 1L, 0L, 0L);
    }

    @Test
    void failedFlush_holdsNothingBack() throws IOException {
        BlkdebugSpec broken = new BlkdebugSpec(
                FilterFixture.image(folder, "disk", DISK_BYTES),
                List.of(new BlkdebugSpec.Injection("none", 0, List.of("flush"), Errno.EIO, -1, false, 0)),
                List.of(),
                0);
        try (FilterFixture f =
                new FilterFixture(new LogWritesSpec(broken, FilterFixture.file(folder, "log"), 512, false))) {
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isEqualTo(Errno.EIO);
            assertThatThrownBy(() -> f.node.file().flush()).isInstanceOf(BlockIoException.class);
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            f.node.file().writeZeroes(1024, 512, false);
        }

        assertThat(entries()).extracting(Entry::flags).containsExactly(0L, 0L);
    }

    @Test
    void failedWrite_isNotLogged() throws IOException {
        BlkdebugSpec broken = new BlkdebugSpec(
                FilterFixture.image(folder, "disk", DISK_BYTES),
                List.of(new BlkdebugSpec.Injection("none", 0, List.of(), Errno.EIO, -1, true, 0)),
                List.of(),
                0);
        try (FilterFixture f =
                new FilterFixture(new LogWritesSpec(broken, FilterFixture.file(folder, "log"), 512, false))) {
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.EIO);
        }

        assertThat(entries()).isEmpty();
    }

    /** Its blklogwrites driver writes the same format, but flushes when it sees fit. */
    @Test
    void qemuIo_logsTheSameChanges() throws IOException, InterruptedException {
        assumeTrue(onPath("qemu-io"), "qemu-io is not installed");
        try (FilterFixture f = logged(512, false)) {
            f.write(4096, f.filled(4096, 7));
            f.write(0, f.filled(512, 8));
            f.run(BlockOp.FLUSH, 0, 0);
            f.run(BlockOp.WRITE_ZEROES, 8192, 1024);
            f.run(BlockOp.FLUSH, 0, 0);
            f.run(BlockOp.DISCARD, 65536, 4096);
        }
        FilterFixture.image(folder, "theirs", DISK_BYTES);
        FilterFixture.file(folder, "theirs.log");
        Process qemuIo = new ProcessBuilder(
                        "qemu-io",
                        "--image-opts",
                        "driver=blklogwrites,file.driver=file,file.filename=%s,log.driver=file,log.filename=%s"
                                .formatted(folder.resolve("theirs"), folder.resolve("theirs.log")),
                        "-c",
                        "write -P 7 4096 4096",
                        "-c",
                        "write -f -P 8 0 512",
                        "-c",
                        "write -z 8192 1024",
                        "-c",
                        "flush",
                        "-c",
                        "discard 65536 4096",
                        "-c",
                        "flush")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(qemuIo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assumeTrue(
                !Files.readString(folder.resolve("out")).contains("Unknown driver"),
                "this qemu-io has no blklogwrites driver");

        assertThat(changes(folder.resolve("log")))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(changes(folder.resolve("theirs.log")))
                .hasSize(4);
    }

    private static List<Entry> changes(Path log) throws IOException {
        return entries(log).stream().filter(entry -> entry.flags() != 1).toList();
    }

    static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }
}
