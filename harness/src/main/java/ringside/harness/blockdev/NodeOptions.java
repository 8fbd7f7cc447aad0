package ringside.harness.blockdev;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The options of one node of the graph: the keys below a prefix such as {@code file.}. Some are inherited by children that are
 * described in place, as QEMU hands down its cache options.
 */
final class NodeOptions {
    private static final int MAX_DEPTH = 64;

    private final OptionSet all;
    private final String prefix;
    private final NodeOptions parent;
    private final Map<String, String> handedDown;
    private final int depth;
    private final Set<String> known = new LinkedHashSet<>();
    private String driver = "";

    /** The outermost node. */
    NodeOptions(OptionSet all) {
        this(all, "", null, Map.of());
    }

    private NodeOptions(OptionSet all, String prefix, NodeOptions parent, Map<String, String> handedDown) {
        this.all = all;
        this.prefix = prefix;
        this.parent = parent;
        this.handedDown = handedDown;
        this.depth = parent == null ? 0 : parent.depth + 1;
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("more than " + MAX_DEPTH + " nodes on top of one another");
        }
        all.add(this);
    }

    /**
     * The options of a child.
     *
     * @param handedDown what the child inherits in place of the parent's own values
     */
    NodeOptions child(String key, Map<String, String> handedDown) {
        known.add(shown(key));
        return new NodeOptions(all, prefix + key + ".", this, handedDown);
    }

    String prefix() {
        return prefix;
    }

    String driver() {
        return driver;
    }

    Set<String> known() {
        return known;
    }

    /** Reads the driver, which everything else depends on. */
    String readDriver(String remedy) {
        driver = required("driver", remedy);
        return driver;
    }

    Optional<String> text(String key) {
        known.add(shown(key));
        return all.take(prefix + key);
    }

    /** The members of a list are shown as one. */
    private static String shown(String key) {
        return key.replaceAll("\\.\\d+", ".N");
    }

    boolean has(String key) {
        return all.has(prefix + key);
    }

    boolean hasBelow(String key) {
        return all.hasBelow(prefix + key);
    }

    /** A value that must be there and not be empty. */
    String required(String key, String remedy) {
        return text(key).filter(value -> !value.isEmpty()).orElseThrow(() -> error(key + " is missing: " + remedy));
    }

    /** The node's own value, or else that of the nearest node above which hands one down. */
    Optional<String> inherited(String key) {
        return text(key).or(() -> Optional.ofNullable(handedDown.get(key))).or(() -> above(key));
    }

    private Optional<String> above(String key) {
        return parent == null ? Optional.empty() : parent.inherited(key);
    }

    /** {@code on} or {@code off}. */
    boolean on(String key, boolean whenAbsent) {
        return text(key).map(value -> isOn(key, value)).orElse(whenAbsent);
    }

    boolean inheritedOn(String key, boolean whenAbsent) {
        return inherited(key).map(value -> isOn(key, value)).orElse(whenAbsent);
    }

    private boolean isOn(String key, String value) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw error(key + "=" + value + " is neither on nor off");
        };
    }

    /** A value as its reader understands it. */
    <T> T value(String key, String whenAbsent, Function<String, T> reader) {
        return read(key, text(key).orElse(whenAbsent), reader);
    }

    <T> T inheritedValue(String key, String whenAbsent, Function<String, T> reader) {
        return read(key, inherited(key).orElse(whenAbsent), reader);
    }

    private <T> T read(String key, String value, Function<String, T> reader) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at() + key + ": " + e.getMessage(), e);
        }
    }

    /** A whole number from 0 on, up to a limit. */
    long number(String key, long whenAbsent, long most) {
        return value(key, Long.toString(whenAbsent), text -> {
            if (!text.matches("\\d{1,18}") || Long.parseLong(text) > most) {
                throw new IllegalArgumentException("'" + text + "' is not a whole number from 0 to " + most);
            }
            return Long.parseLong(text);
        });
    }

    /** One of an enum's constants, in lower case with dashes. */
    <E extends Enum<E>> E oneOf(String key, E whenAbsent, E[] all) {
        return value(key, label(whenAbsent), text -> {
            StringBuilder labels = new StringBuilder();
            for (E constant : all) {
                if (label(constant).equals(text)) {
                    return constant;
                }
                labels.append(labels.isEmpty() ? "" : ", ").append(label(constant));
            }
            throw new IllegalArgumentException("unknown value '" + text + "': use " + labels);
        });
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Refuses the keys that nobody has asked for, of this node and all others of the option. */
    void refuseRest() {
        all.refuseRest();
    }

    /** An error of this node: one line that names it. */
    IllegalArgumentException error(String message) {
        return new IllegalArgumentException(at() + message);
    }

    private String at() {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
    }
}
