package ringside.harness.observe;

import java.util.Optional;

/**
 * The host's CPUs until one moment, from /proc/stat.
 *
 * @param busyNs all CPUs together, without idling and waiting for I/O
 * @param stolenNs time that the host's own host gave to others
 * @param runnable tasks that run or could run at this moment
 */
record HostStat(long busyNs, long stolenNs, int runnable) {
    private static final long TICK_NS = 10_000_000;
    private static final String RUNNING = "procs_running";

    /** Reads now; empty where the host does not tell. */
    static Optional<HostStat> now() {
        return ProcFiles.read("/proc/stat").flatMap(HostStat::parse);
    }

    /** The first line is {@code cpu user nice system idle iowait irq softirq steal ...}, see proc(5). */
    static Optional<HostStat> parse(String text) {
        String[] words = text.lines().findFirst().orElse("").split("\\s+");
        if (words.length < 9 || !words[0].equals("cpu")) {
            return Optional.empty();
        }
        long busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(words[field]);
        }
        int runnable = text.lines()
                .filter(line -> line.startsWith(RUNNING))
                .map(line -> Integer.parseInt(line.substring(RUNNING.length()).strip()))
                .findFirst()
                .orElse(0);
        return Optional.of(new HostStat(busy * TICK_NS, Long.parseLong(words[8]) * TICK_NS, runnable));
    }
}
