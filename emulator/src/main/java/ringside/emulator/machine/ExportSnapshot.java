package ringside.emulator.machine;

import java.util.Map;
import ringside.emulator.trace.CounterId;

/**
 * What an export has done so far.
 *
 * @param counters values by owner ({@code iothread0}, {@code export0/queue1}, ...) and counter
 * @param connections front-ends that have connected
 * @param connected whether one is connected now
 */
public record ExportSnapshot(Map<String, Map<CounterId, Long>> counters, long connections, boolean connected) {

    /** Sum of a counter over all owners. */
    public long total(CounterId id) {
        return counters.values().stream()
                .mapToLong(values -> values.getOrDefault(id, 0L))
                .sum();
    }
}
