package ringside.emulator.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each system call against what java.nio and /proc see of it. */
class LibCTest {
    private static final long LONG_NS = 20_000_000_000L;

    @TempDir
    Path folder;

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void free() {
        arena.close();
    }

    private int create(Path file) {
        int fd = LibC.open(file.toString(), LibC.O_RDWR | LibC.O_CREAT, 0640);
        assertThat(fd).isNotNegative();
        return fd;
    }

    private MemorySegment text(String text) {
        return arena.allocateFrom(text, StandardCharsets.UTF_8);
    }

    @Test
    void open_takesPathsBeyondAsciiAndSetsCloexec() throws IOException {
        Path file = folder.resolve("Plattenbild-äöü-磁盘");
        int fd = create(file);
        assertThat(file).exists();
        String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow();
        int open = Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
        assertThat(open & LibC.O_CLOEXEC).isEqualTo(LibC.O_CLOEXEC);
        assertThat(LibC.close(fd)).isZero();
        assertThat(LibC.close(fd)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void failure_isTheNegativeErrno() {
        assertThat(LibC.open(folder.resolve("none").toString(), LibC.O_RDONLY, 0))
                .isEqualTo(-Errno.ENOENT);
        assertThat(LibC.open(folder.toString(), LibC.O_RDWR, 0)).isEqualTo(-Errno.EISDIR);
        assertThat(LibC.pread(-1, 0, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(LibC.fallocate(-1, 0, 0, 1)).isEqualTo(-Errno.EBADF);
        assertThat(LibC.size(-1)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void positionedTransfers_meetWhatJavaReads() throws IOException {
        Path file = folder.resolve("file");
        int fd = create(file);
        MemorySegment hello = text("hello");
        assertThat(LibC.pwrite(fd, hello.address(), 5, 7)).isEqualTo(5);
        assertThat(Files.readAllBytes(file)).isEqualTo("\0\0\0\0\0\0\0hello".getBytes(StandardCharsets.UTF_8));
        assertThat(LibC.size(fd)).isEqualTo(12);
        MemorySegment seen = arena.allocate(16);
        assertThat(LibC.pread(fd, seen.address(), 16, 9)).as("up to the end").isEqualTo(3);
        assertThat(seen.getString(0)).isEqualTo("llo");
        assertThat(LibC.fsync(fd)).isZero();
        assertThat(LibC.fdatasync(fd)).isZero();
        assertThat(LibC.ftruncate(fd, 3)).isZero();
        assertThat(Files.size(file)).isEqualTo(3);
        LibC.close(fd);
    }

    @Test
    void vectoredTransfers_useTheWholeOffset() throws IOException {
        long beyond32Bits = (5L << 32) + 512;
        Path file = folder.resolve("sparse");
        int fd = create(file);
        MemorySegment parts = text("ab-cd");
        MemorySegment iovecs = arena.allocate(32, 8);
        iovecs.set(ValueLayout.JAVA_LONG, 0, parts.address());
        iovecs.set(ValueLayout.JAVA_LONG, 8, 2);
        iovecs.set(ValueLayout.JAVA_LONG, 16, parts.address() + 3);
        iovecs.set(ValueLayout.JAVA_LONG, 24, 2);
        assertThat(LibC.pwritev2(fd, iovecs.address(), 2, beyond32Bits, LibC.RWF_DSYNC))
                .isEqualTo(4);
        assertThat(Files.size(file)).isEqualTo(beyond32Bits + 4);
        MemorySegment seen = arena.allocate(8);
        iovecs.set(ValueLayout.JAVA_LONG, 0, seen.address());
        iovecs.set(ValueLayout.JAVA_LONG, 8, 4);
        assertThat(LibC.preadv2(fd, iovecs.address(), 1, beyond32Bits, 0)).isEqualTo(4);
        assertThat(seen.getString(0)).isEqualTo("abcd");
        LibC.close(fd);
    }

    @Test
    void flock_keepsASecondDescriptorOut() {
        Path file = folder.resolve("file");
        int first = create(file);
        int second = create(file);
        assertThat(LibC.flock(first, LibC.LOCK_EX | LibC.LOCK_NB)).isZero();
        assertThat(LibC.flock(second, LibC.LOCK_SH | LibC.LOCK_NB)).isEqualTo(-Errno.EAGAIN);
        LibC.close(first);
        assertThat(LibC.flock(second, LibC.LOCK_SH | LibC.LOCK_NB)).isZero();
        LibC.close(second);
    }

    @Test
    void logicalBlockBytes_ofARegularFileIsNotAnswered() {
        int fd = create(folder.resolve("file"));
        assertThat(LibC.logicalBlockBytes(fd)).isEqualTo(-Errno.ENOTTY);
        LibC.close(fd);
    }

    @Test
    void memfdAndMmap_shareMemory() {
        int fd = LibC.memfdCreate("ringside-test", 0);
        assertThat(LibC.ftruncate(fd, 8192)).isZero();
        long address = LibC.mmap(8192, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        assertThat(address).isPositive();
        MemorySegment text = text("seen");
        assertThat(LibC.pwrite(fd, text.address(), 5, 4096)).isEqualTo(5);
        assertThat(NativeMemory.view(address + 4096, 5).getString(0)).isEqualTo("seen");
        assertThat(LibC.munmap(address, 8192)).isZero();
        LibC.close(fd);
        assertThat(LibC.mmap(4096, LibC.PROT_READ, LibC.MAP_SHARED, -1, 0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void mappedMemory_isUnmappedOnceWhenItsArenaCloses() {
        int fd = LibC.memfdCreate("ringside-test", 0);
        LibC.ftruncate(fd, 4096);
        long address = LibC.mmap(4096, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        int[] closed = {0};
        Arena mapping = Arena.ofShared();
        NativeMemory.mapped(address, 4096, mapping, () -> closed[0] += LibC.munmap(address, 4096) + 1);
        assertThat(closed[0]).isZero();
        mapping.close();
        assertThat(closed[0]).isEqualTo(1);
        LibC.close(fd);
    }

    @Test
    void eventfd_isReadableBetweenSignalAndDrain() {
        int fd = LibC.eventfd();
        assertThat(LibC.eventfdDrain(fd)).isEqualTo(-Errno.EAGAIN);
        assertThat(LibC.waitReadable(fd, 0)).isZero();
        LibC.eventfdSignal(fd);
        LibC.eventfdSignal(fd);
        assertThat(LibC.waitReadable(fd, LONG_NS)).isEqualTo(1);
        assertThat(LibC.eventfdDrain(fd)).isEqualTo(8);
        assertThat(LibC.waitReadable(fd, 0)).as("drained at once").isZero();
        LibC.close(fd);
    }

    @Test
    void ppoll_waitsAsLongAsAsked() {
        long start = System.nanoTime();
        assertThat(LibC.ppoll(0, 0, 1_002_000_000L)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_002_000_000L);
    }

    @Test
    void futex_wakesAndTimesOut() throws InterruptedException {
        MemorySegment word = arena.allocate(4, 4);
        assertThat(LibC.futexWait(word.address(), 1, LONG_NS)).isEqualTo(-Errno.EAGAIN);
        long start = System.nanoTime();
        assertThat(LibC.futexWait(word.address(), 0, 2_000_000)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
        assertThat(LibC.futexWake(word.address(), 1)).isZero();
        int[] result = {-1};
        Thread waiter = Thread.ofPlatform().start(() -> result[0] = LibC.futexWait(word.address(), 0, LONG_NS));
        while (waiter.isAlive() && LibC.futexWake(word.address(), 1) == 0) {
            Thread.onSpinWait();
        }
        waiter.join();
        assertThat(result[0]).isZero();
    }

    @Test
    void errno_isPerThread() throws InterruptedException {
        boolean[] mixed = {false};
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 20_000; i++) {
                mixed[0] |= LibC.eventfdDrain(-1) != -Errno.EBADF;
            }
        });
        int fd = LibC.eventfd();
        for (int i = 0; i < 20_000; i++) {
            assertThat(LibC.eventfdDrain(fd) == -Errno.EAGAIN).isTrue();
        }
        other.join();
        assertThat(mixed[0]).isFalse();
        LibC.close(fd);
    }

    @Test
    void gettid_namesTheCallingThread() {
        assertThat(Path.of("/proc/self/task/" + LibC.gettid())).exists();
    }

    @Test
    void affinity_isWhatProcSays() throws IOException {
        MemorySegment mask = arena.allocate(1024, 8);
        int bytes = LibC.schedGetAffinity(mask.address(), 1024);
        assertThat(bytes).isPositive();
        int cpus = 0;
        for (int i = 0; i < bytes; i++) {
            cpus += Integer.bitCount(Byte.toUnsignedInt(mask.get(ValueLayout.JAVA_BYTE, i)));
        }
        assertThat(cpus).isPositive();
        assertThat(LibC.schedSetAffinity(mask.address(), bytes))
                .as("to what it is")
                .isZero();
        String status = Files.readString(Path.of("/proc/self/task/" + LibC.gettid() + "/status"));
        String allowed = status.lines()
                .filter(line -> line.startsWith("Cpus_allowed:"))
                .findFirst()
                .orElseThrow();
        int inProc = allowed.substring("Cpus_allowed:".length())
                .chars()
                .filter(c -> Character.digit(c, 16) >= 0)
                .map(c -> Integer.bitCount(Character.digit(c, 16)))
                .sum();
        assertThat(cpus).isEqualTo(inProc);
    }

    @Test
    void statx_reportsTheSize() {
        int fd = create(folder.resolve("file"));
        LibC.ftruncate(fd, 12_345);
        MemorySegment statx = arena.allocate(256, 8);
        assertThat(LibC.statx(fd, 0x200, statx.address())).isZero();
        assertThat(statx.get(ValueLayout.JAVA_LONG, 0x28)).isEqualTo(12_345);
        LibC.close(fd);
    }

    @Test
    void callsOfTheHotPath_allocateNothing() {
        int fd = LibC.eventfd();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        // Until the compiler is done the method handle allocates; one window without a byte is the proof.
        for (int window = 0; window < 100 && allocated > 0; window++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                LibC.eventfdSignal(fd);
                LibC.eventfdDrain(fd);
                LibC.waitReadable(fd, 0);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isZero();
        LibC.close(fd);
    }
}
