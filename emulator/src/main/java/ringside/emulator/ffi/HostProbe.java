package ringside.emulator.ffi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at what this host allows, by trying. Safe for any user; leaves nothing behind. */
public final class HostProbe {
    /** Smallest io_uring there is; enough to learn whether the call is allowed. */
    private static final int PROBE_ENTRIES = 2;

    private static final int PARAMS_BYTES = 120;
    private static final int RLIMIT_MEMLOCK = 8;
    private static final long ENOUGH_MEMLOCK_BYTES = 1L << 20;

    private HostProbe() {}

    /** Whether io_uring may be used. */
    public static HostFinding ioUring() {
        try (Arena arena = Arena.ofConfined()) {
            int fd = LibC.ioUringSetup(
                    PROBE_ENTRIES, arena.allocate(PARAMS_BYTES, 8).address());
            if (fd >= 0) {
                LibC.close(fd);
                return new HostFinding("io_uring", true, "allowed", "");
            }
            return new HostFinding("io_uring", false, Errno.describe(-fd), ioUringRemedy(-fd));
        }
    }

    private static String ioUringRemedy(int errno) {
        return switch (errno) {
            case Errno.ENOSYS -> "use aio=threads, or a kernel of version 5.6 or later";
            case Errno.ENOMEM -> "raise the memlock limit (ulimit -l)";
            default ->
                "set kernel.io_uring_disabled=0 (now " + sysctl("/proc/sys/kernel/io_uring_disabled")
                        + "), allow it in the container's seccomp profile, or use aio=threads";
        };
    }

    private static String sysctl(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }

    /** The limit of locked memory, which registered io_uring buffers and older kernels' rings count against. */
    public static HostFinding memlock() {
        long limit = LibC.softLimit(RLIMIT_MEMLOCK);
        boolean unlimited = limit == -1;
        boolean ok = unlimited || Long.compareUnsigned(limit, ENOUGH_MEMLOCK_BYTES) >= 0;
        String detail = unlimited ? "unlimited" : (limit >>> 10) + " KiB";
        return new HostFinding("memlock", ok, detail, ok ? "" : "raise it to at least 1 MiB (ulimit -l 1024)");
    }

    /**
     * Whether files in this place can bypass the page cache.
     *
     * @param place an existing file, or a folder in which a small file can be made for the test
     */
    public static HostFinding directIo(Path place) {
        try {
            return Files.isDirectory(place) ? directIoIn(place) : directIoOf(place);
        } catch (IOException e) {
            return new HostFinding(
                    "O_DIRECT", false, "cannot be tried in " + place, "choose a folder you can write to");
        }
    }

    private static HostFinding directIoIn(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "ringside-probe", ".raw");
        try {
            Files.write(file, new byte[8192]);
            return directIoOf(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static HostFinding directIoOf(Path file) {
        int fd = LibC.open(file.toString(), LibC.O_RDONLY | LibC.oDirect(), 0);
        if (fd >= 0) {
            LibC.close(fd);
            return new HostFinding(
                    "O_DIRECT", true, "works at " + file.toAbsolutePath().getParent(), "");
        }
        String remedy =
                fd == -Errno.EINVAL ? "use cache=writeback, or a file system that has O_DIRECT" : "check the path";
        return new HostFinding("O_DIRECT", false, Errno.describe(-fd) + " at " + file, remedy);
    }
}
