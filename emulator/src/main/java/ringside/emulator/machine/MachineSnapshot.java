package ringside.emulator.machine;

import java.util.EnumMap;
import java.util.Map;
import ringside.emulator.trace.CounterId;
import ringside.emulator.trace.LogHistogram;

/**
 * What a machine has counted so far. The difference of two snapshots is what happened between them.
 *
 * @param counters values by owner ({@code iothread0}, {@code disk0/queue1}, ...) and counter
 * @param lockWaitNs wait times of the big lock
 * @param lockHoldNs hold times of the big lock
 */
public record MachineSnapshot(
        Map<String, Map<CounterId, Long>> counters, LogHistogram lockWaitNs, LogHistogram lockHoldNs) {

    /** What happened since an earlier snapshot of the same machine. */
    public MachineSnapshot since(MachineSnapshot earlier) {
        Map<String, Map<CounterId, Long>> difference = new java.util.TreeMap<>();
        counters.forEach((owner, values) -> {
            Map<CounterId, Long> before = earlier.counters.getOrDefault(owner, Map.of());
            Map<CounterId, Long> delta = new EnumMap<>(CounterId.class);
            values.forEach((id, value) -> delta.put(id, value - before.getOrDefault(id, 0L)));
            difference.put(owner, delta);
        });
        return new MachineSnapshot(
                difference, lockWaitNs.minus(earlier.lockWaitNs), lockHoldNs.minus(earlier.lockHoldNs));
    }

    /** Sum of a counter over all owners. */
    public long total(CounterId id) {
        return counters.values().stream()
                .mapToLong(values -> values.getOrDefault(id, 0L))
                .sum();
    }
}
