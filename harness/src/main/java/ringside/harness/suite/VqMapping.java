package ringside.harness.suite;

import java.util.ArrayList;
import java.util.List;

/** Text form of a mapping of queues to IOThreads: {@code round-robin}, or {@code 0+2/1+3} for explicit lists. */
public final class VqMapping {
    private static final String ROUND_ROBIN = "round-robin";

    private VqMapping() {}

    /**
     * Entry i lists the queue numbers of IOThread i; empty for round robin.
     *
     * @throws IllegalArgumentException with an example
     */
    public static List<List<Integer>> parse(String text) {
        if (text.equals(ROUND_ROBIN)) {
            return List.of();
        }
        List<List<Integer>> mapping = new ArrayList<>();
        for (String iothread : text.split("/", -1)) {
            List<Integer> queues = new ArrayList<>();
            for (String queue : iothread.split("\\+", -1)) {
                queues.add(number(queue, text));
            }
            mapping.add(queues);
        }
        return mapping;
    }

    private static int number(String queue, String text) {
        try {
            return Integer.parseUnsignedInt(queue.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a mapping: use round-robin, or queue numbers per IOThread such as 0+2/1+3",
                    e);
        }
    }
}
