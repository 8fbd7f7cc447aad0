package ringside.harness.peer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a process has used until now, from /proc. Threads are read one by one, because their CPU time is kept in
 * nanoseconds, that of the process in ticks of 10 ms.
 *
 * @param statNs CPU time of the process with all threads it ever had, to 10 ms
 * @param rssKib resident memory
 * @param tasks its threads by id, among them the kernel's workers that io_uring uses for it
 */
public record ProcessMeter(long statNs, long rssKib, Map<Long, Task> tasks) {
    /** The kernel's USER_HZ is 100 on every platform that Java runs on. */
    private static final long TICK_NS = 10_000_000;

    private static final int UTIME = 11; // fields of stat after the name: man 5 proc, fields 14 and 15
    private static final int STIME = 12;

    /**
     * A thread.
     *
     * @param name its name
     * @param cpuNs CPU time
     * @param voluntary context switches because it slept
     * @param involuntary context switches because another thread took its CPU
     */
    public record Task(String name, long cpuNs, long voluntary, long involuntary) {}

    /**
     * What was used between two readings.
     *
     * @param cpuNs CPU time
     * @param voluntary context switches because a thread slept
     * @param involuntary context switches because a thread lost its CPU
     * @param rssKib resident memory at the end
     * @param threadNs CPU time by thread name, only those that used some
     */
    public record Used(long cpuNs, long voluntary, long involuntary, long rssKib, Map<String, Long> threadNs) {}

    /** Reads now; all zero when the process is gone. */
    public static ProcessMeter of(long pid) {
        Path folder = Path.of("/proc", Long.toString(pid));
        Map<Long, Task> tasks = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.resolve("task"))) {
            for (Path task : all) {
                addTask(tasks, task);
            }
            return new ProcessMeter(statNs(folder), rssKib(folder), tasks);
        } catch (IOException e) {
            return new ProcessMeter(0, 0, Map.of());
        }
    }

    private static void addTask(Map<Long, Task> tasks, Path folder) {
        try {
            Map<String, Long> status = status(folder.resolve("status"));
            tasks.put(
                    Long.parseLong(folder.getFileName().toString()),
                    new Task(
                            Files.readString(folder.resolve("comm")).strip(),
                            taskNs(folder),
                            status.getOrDefault("voluntary_ctxt_switches", 0L),
                            status.getOrDefault("nonvoluntary_ctxt_switches", 0L)));
        } catch (IOException e) {
            // It ended while the folder was read.
            return;
        }
    }

    private static long taskNs(Path folder) throws IOException {
        Path schedstat = folder.resolve("schedstat");
        return Files.exists(schedstat)
                ? Long.parseLong(Files.readString(schedstat).split(" ")[0])
                : statNs(folder);
    }

    private static long statNs(Path folder) throws IOException {
        String stat = Files.readString(folder.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * TICK_NS;
    }

    private static long rssKib(Path folder) throws IOException {
        return status(folder.resolve("status")).getOrDefault("VmRSS", 0L);
    }

    private static Map<String, Long> status(Path file) throws IOException {
        Map<String, Long> values = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split("[:\\s]+");
            if (words.length > 1 && words[1].matches("\\d{1,18}")) {
                values.put(words[0], Long.parseLong(words[1]));
            }
        }
        return values;
    }

    /** What was used since an earlier reading. */
    public Used since(ProcessMeter earlier) {
        Map<String, Long> byName = new TreeMap<>();
        long cpuNs = 0;
        long voluntary = 0;
        long involuntary = 0;
        for (Map.Entry<Long, Task> entry : tasks.entrySet()) {
            Task now = entry.getValue();
            Task then = earlier.tasks.getOrDefault(entry.getKey(), new Task("", 0, 0, 0));
            cpuNs += now.cpuNs - then.cpuNs;
            voluntary += now.voluntary - then.voluntary;
            involuntary += now.involuntary - then.involuntary;
            if (now.cpuNs > then.cpuNs) {
                byName.merge(now.name, now.cpuNs - then.cpuNs, Long::sum);
            }
        }
        // Threads that ended in between are known to the process as a whole only.
        boolean complete = tasks.keySet().containsAll(earlier.tasks.keySet());
        return new Used(
                complete ? cpuNs : Math.max(cpuNs, statNs - earlier.statNs), voluntary, involuntary, rssKib, byName);
    }
}
