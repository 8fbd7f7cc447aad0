package ringside.harness.blockdev;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All keys of one option with what has been asked for, so that a misspelt key is never silently ignored. */
final class OptionSet {
    private final Map<String, String> values;
    private final Set<String> taken = new HashSet<>();
    private final List<NodeOptions> nodes = new ArrayList<>();

    OptionSet(Map<String, String> values) {
        this.values = values;
    }

    Optional<String> take(String key) {
        taken.add(key);
        return Optional.ofNullable(values.get(key));
    }

    /** Whether there is a value of this key, or of keys below it. */
    boolean has(String key) {
        return values.containsKey(key) || hasBelow(key);
    }

    boolean hasBelow(String key) {
        String prefix = key + ".";
        return values.keySet().stream().anyMatch(other -> other.startsWith(prefix));
    }

    void add(NodeOptions node) {
        nodes.add(node);
    }

    /** @throws IllegalArgumentException naming a key that nobody asked for, and those that its node knows */
    void refuseRest() {
        for (String key : values.keySet()) {
            if (!taken.contains(key)) {
                NodeOptions owner = owner(key);
                throw owner.error("driver=%s has no option '%s': use %s"
                        .formatted(
                                owner.driver(),
                                key.substring(owner.prefix().length()),
                                String.join(", ", owner.known())));
            }
        }
    }

    private NodeOptions owner(String key) {
        NodeOptions owner = nodes.getFirst();
        for (NodeOptions node : nodes) {
            if (key.startsWith(node.prefix())
                    && node.prefix().length() > owner.prefix().length()) {
                owner = node;
            }
        }
        return owner;
    }
}
