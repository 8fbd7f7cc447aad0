package ringside.emulator.eventloop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;

/** The CPUs that the calling thread may run on (sched_setaffinity(2)). */
final class CpuAffinity {
    private static final int MAX_CPUS = 8192;
    private static final int EINVAL = 22;

    private CpuAffinity() {}

    static void set(String thread, List<Integer> cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MAX_CPUS / Byte.SIZE, Long.BYTES);
            for (int cpu : cpus) {
                add(mask, thread, cpu);
            }
            int result = LibC.schedSetAffinity(mask.address(), (int) mask.byteSize());
            if (result == -EINVAL) {
                throw absent(thread, cpus);
            }
            if (result < 0) {
                throw new NativeException(
                        "cannot bind " + thread + " to CPUs " + cpus + ": " + Errno.describe(-result), -result);
            }
        }
    }

    private static void add(MemorySegment mask, String thread, int cpu) {
        if (cpu < 0 || cpu >= MAX_CPUS) {
            throw absent(thread, List.of(cpu));
        }
        long at = (long) (cpu / Long.SIZE) * Long.BYTES;
        mask.set(ValueLayout.JAVA_LONG, at, mask.get(ValueLayout.JAVA_LONG, at) | 1L << cpu);
    }

    private static IllegalArgumentException absent(String thread, List<Integer> cpus) {
        return new IllegalArgumentException("cannot bind " + thread + ": CPUs " + cpus
                + " are not there, or not for this process: nproc --all and taskset -p $$ show which are");
    }
}
