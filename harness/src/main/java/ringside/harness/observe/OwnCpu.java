package ringside.harness.observe;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** CPU time of this process, of its threads and of the processes that it started. Used by one thread at a time. */
final class OwnCpu {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Finding them means reading all of /proc, which is most of what a reading would cost. */
    private static final int LOOK_FOR_CHILDREN = 10;

    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Long> threads = new HashMap<>();
    private final Map<Long, Long> children = new HashMap<>();
    private final int lookForChildren;
    private int readings;

    /** @param changing whether child processes come and go in the measured phase */
    OwnCpu(boolean changing) {
        this.lookForChildren = changing ? 1 : LOOK_FOR_CHILDREN;
    }

    /** CPU time of this whole process in nanoseconds: Java threads, JVM, kernel workers. */
    long processNs() {
        return SYSTEM.getProcessCpuTime();
    }

    /** Bytes allocated on the heap so far, by all threads that there ever were. */
    long allocatedBytes() {
        return THREADS.getTotalThreadAllocatedBytes();
    }

    /** CPU time by thread name, ended threads as they were seen last; threads of one name are added up. */
    Map<String, Long> threadNs() {
        long[] ids = THREADS.getAllThreadIds();
        long[] times = THREADS.getThreadCpuTime(ids);
        for (int i = 0; i < ids.length; i++) {
            if (times[i] >= 0) {
                names.computeIfAbsent(ids[i], OwnCpu::name);
                threads.put(ids[i], times[i]);
            }
        }
        Map<String, Long> all = new HashMap<>();
        threads.forEach((id, ns) -> all.merge(names.get(id), ns, Long::sum));
        return all;
    }

    private static String name(long id) {
        ThreadInfo info = THREADS.getThreadInfo(id);
        return info == null ? "ended" : info.getThreadName();
    }

    /** CPU time of the processes that this one started, ended ones as they were seen last. */
    long childrenNs() {
        if (readings++ % lookForChildren == 0) {
            ProcessHandle.current().descendants().forEach(child -> children.putIfAbsent(child.pid(), 0L));
        }
        children.replaceAll((pid, last) -> cpuNs(pid).orElse(last));
        return children.values().stream().mapToLong(Long::longValue).sum();
    }

    /** From /proc/PID/stat: what follows the name in parentheses starts with field 3; fields 14 and 15 are ticks. */
    private static Optional<Long> cpuNs(long pid) {
        return ProcFiles.read("/proc/" + pid + "/stat").map(text -> {
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000_000L;
        });
    }
}
