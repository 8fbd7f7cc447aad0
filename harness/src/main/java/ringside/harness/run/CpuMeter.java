package ringside.harness.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.workloads.runner.ThreadOutcome;

/**
 * CPU time of this process and of its Java threads at one moment.
 *
 * @param atNs nanoTime of the reading
 * @param processNs CPU time of the whole process: load, device, JVM, and the kernel's io_uring workers
 * @param threadNs CPU time by thread name; threads of one name are added up
 */
record CpuMeter(long atNs, long processNs, Map<String, Long> threadNs) {
    /** Name of what no Java thread used: compiler, collector, kernel workers. */
    static final String REST = "(jvm and kernel workers)";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static CpuMeter now() {
        Map<String, Long> times = new HashMap<>();
        for (long id : THREADS.getAllThreadIds()) {
            ThreadInfo info = THREADS.getThreadInfo(id);
            long cpuNs = THREADS.getThreadCpuTime(id);
            if (info != null && cpuNs >= 0) {
                times.merge(info.getThreadName(), cpuNs, Long::sum);
            }
        }
        return new CpuMeter(System.nanoTime(), SYSTEM.getProcessCpuTime(), times);
    }

    /** What was used since an earlier reading; idle threads are left out, the rest of the process has its own line. */
    CpuMeter since(CpuMeter earlier) {
        Map<String, Long> used = new TreeMap<>();
        long threads = 0;
        for (Map.Entry<String, Long> thread : threadNs.entrySet()) {
            long ns = thread.getValue() - earlier.threadNs.getOrDefault(thread.getKey(), 0L);
            if (ns > 0) {
                used.put(thread.getKey(), ns);
                threads += ns;
            }
        }
        long process = processNs - earlier.processNs;
        used.put(REST, Math.max(0, process - threads));
        return new CpuMeter(atNs - earlier.atNs, process, used);
    }

    /** With the load threads' own figures: one that ended before the second reading is missing in that reading. */
    CpuMeter withLoad(List<ThreadOutcome> load) {
        Map<String, Long> used = new TreeMap<>(threadNs);
        used.remove(REST);
        load.forEach(thread -> used.put(thread.name(), thread.cpuNs()));
        long threads = used.values().stream().mapToLong(Long::longValue).sum();
        used.put(REST, Math.max(0, processNs - threads));
        return new CpuMeter(atNs, processNs, used);
    }
}
