package ringside.emulator.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;

/** Binds running threads of this process to CPUs (sched_setaffinity(2)). Any thread may call it. */
public final class ThreadAffinity {
    /** The kernel keeps 15 characters of a thread's name. */
    private static final int KERNEL_NAME_LENGTH = 15;

    private static final int MAX_CPUS = 8192;
    private static final int EINVAL = 22;
    private static final Path TASKS = Path.of("/proc/self/task");

    private ThreadAffinity() {}

    /**
     * Lets a thread run on one CPU only.
     *
     * @param threadName name of a running thread, at most 15 characters
     * @param cpu number of the CPU
     * @throws IllegalArgumentException when this host or container has no such CPU
     * @throws IllegalStateException when no such thread runs
     * @throws NativeException when the host refuses
     */
    public static void pin(String threadName, int cpu) {
        int tid = tidOf(threadName).orElseThrow(() -> new IllegalStateException("no thread '" + threadName + "' runs"));
        int result = cpu < MAX_CPUS ? setAffinity(tid, cpu) : -EINVAL;
        if (result == -EINVAL) {
            throw new IllegalArgumentException("CPU " + cpu + " is not there, or not for this process: nproc --all and"
                    + " taskset -p $$ show which are");
        }
        if (result < 0) {
            throw new NativeException(
                    "cannot bind thread " + threadName + " to CPU " + cpu + ": " + Errno.describe(-result), -result);
        }
    }

    private static int setAffinity(int tid, int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MAX_CPUS / Byte.SIZE, Long.BYTES);
            mask.set(ValueLayout.JAVA_LONG, (long) (cpu / Long.SIZE) * Long.BYTES, 1L << cpu);
            return LibC.schedSetAffinity(tid, mask.address(), (int) mask.byteSize());
        }
    }

    private static Optional<Integer> tidOf(String threadName) {
        String kernelName = threadName.substring(0, Math.min(threadName.length(), KERNEL_NAME_LENGTH));
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (nameOf(task).equals(kernelName)) {
                    return Optional.of(Integer.parseInt(task.getFileName().toString()));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the threads of this process: " + e.getMessage(), e);
        }
    }

    /** Empty for a thread that has just ended. */
    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
