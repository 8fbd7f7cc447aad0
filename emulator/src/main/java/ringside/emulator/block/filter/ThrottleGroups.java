package ringside.emulator.block.filter;

import java.util.HashMap;
import java.util.Map;
import ringside.emulator.block.ThrottleLimits;

/**
 * The named groups of this process: nodes that are opened apart, such as those of two disks, share one by its name. A group lives as long as a
 * node uses it.
 */
final class ThrottleGroups {
    private static final Map<String, Entry> GROUPS = new HashMap<>();

    private ThrottleGroups() {}

    private static final class Entry {
        private final ThrottleGroup group;
        private int users;

        private Entry(ThrottleGroup group) {
            this.group = group;
        }
    }

    /**
     * The group of this name for one more node.
     *
     * @param name empty for a group of one node
     * @throws IllegalArgumentException when the group has other limits
     */
    static synchronized ThrottleGroup join(String name, ThrottleLimits limits) {
        if (name.isEmpty()) {
            return new ThrottleGroup(limits, System.nanoTime());
        }
        Entry entry = GROUPS.computeIfAbsent(name, _ -> new Entry(new ThrottleGroup(limits, System.nanoTime())));
        if (!entry.group.limits().equals(limits)) {
            throw new IllegalArgumentException("throttle-group=" + name
                    + " has other limits already: give all nodes of a group the same, or use another name");
        }
        entry.users++;
        return entry.group;
    }

    static synchronized void leave(String name) {
        Entry entry = GROUPS.get(name);
        if (entry != null && --entry.users == 0) {
            GROUPS.remove(name);
        }
    }
}
