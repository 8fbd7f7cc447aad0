package ringside.harness.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * CPU time of the whole host until one moment, from /proc/stat.
 *
 * @param busyNs all CPUs together, without idling and waiting for I/O
 * @param stolenNs time that the host's own host gave to others
 */
record HostCpu(long busyNs, long stolenNs) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final long TICK_NS = 10_000_000;

    /** Reads now; empty where the host does not tell. */
    static Optional<HostCpu> now() {
        try {
            return Files.readAllLines(STAT).stream().findFirst().flatMap(HostCpu::parse);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The line is {@code cpu user nice system idle iowait irq softirq steal ...}, see proc(5). */
    static Optional<HostCpu> parse(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 9 || !words[0].equals("cpu")) {
            return Optional.empty();
        }
        long busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(words[field]);
        }
        return Optional.of(new HostCpu(busy * TICK_NS, Long.parseLong(words[8]) * TICK_NS));
    }

    /** What was used since an earlier reading. */
    HostCpu since(HostCpu earlier) {
        return new HostCpu(busyNs - earlier.busyNs, stolenNs - earlier.stolenNs);
    }
}
