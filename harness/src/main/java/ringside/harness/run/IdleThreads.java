package ringside.harness.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ringside.harness.results.SanityCheck;

/** Whether every configured IOThread had work: one that has none makes a result look like that of fewer. */
final class IdleThreads {
    private static final String IOTHREAD = "iothread\\d+";

    /** An IOThread with less than this share of the busiest one's CPU time, and of the measured phase, had no work. */
    private static final double OF_BUSIEST = 0.01;

    private static final double OF_PHASE = 0.001;

    private IdleThreads() {}

    /**
     * The check.
     *
     * @param configured number of IOThreads; presets without any are known by that none of them used the CPU
     * @param withoutQueue IOThreads that serve no queue
     * @param threadNs CPU time in the measured phase by thread name
     * @param measuredNs length of the measured phase
     */
    static SanityCheck check(int configured, List<String> withoutQueue, Map<String, Long> threadNs, long measuredNs) {
        List<String> faults = new ArrayList<>();
        if (!withoutQueue.isEmpty()) {
            faults.add("serve no queue: " + String.join(", ", withoutQueue) + "; set iothreads lower");
        }
        List<String> unused = unused(configured, withoutQueue, threadNs, measuredNs);
        if (!unused.isEmpty()) {
            faults.add("serve a queue, but no request came: " + String.join(", ", unused)
                    + "; have jobs on all disks, or set iothreads lower");
        }
        return new SanityCheck(
                "idle_iothreads",
                faults.isEmpty(),
                faults.isEmpty() ? "every configured IOThread serves a queue" : String.join("; ", faults));
    }

    private static List<String> unused(
            int configured, List<String> withoutQueue, Map<String, Long> threadNs, long measuredNs) {
        long busiest = threadNs.entrySet().stream()
                .filter(thread -> thread.getKey().matches(IOTHREAD))
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElse(0);
        double least = Math.min(OF_BUSIEST * busiest, OF_PHASE * measuredNs);
        return busiest == 0
                ? List.of()
                : IntStream.range(0, configured)
                        .mapToObj(i -> "iothread" + i)
                        .filter(name -> threadNs.getOrDefault(name, 0L) < least)
                        .filter(name -> !withoutQueue.contains(name))
                        .toList();
    }
}
