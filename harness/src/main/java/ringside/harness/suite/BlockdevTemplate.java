package ringside.harness.suite;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The option {@code blockdev} of a suite: a graph of block nodes in the syntax of {@code --blockdev}, with placeholders such
 * as {@code {image}}. A comma of a value is doubled, as QEMU reads it.
 */
public final class BlockdevTemplate {
    /** Names that a template may use. */
    public static final Set<String> PLACEHOLDERS = Set.of(
            "image",
            "size",
            "cache",
            "direct",
            "no-flush",
            "aio",
            "aio-fallback",
            "discard",
            "read-only",
            "writable",
            "latency-ns",
            "read-zeroes",
            "locking",
            "continuation");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z0-9-]*)}");

    private BlockdevTemplate() {}

    /**
     * Checks the placeholders; what the graph says is checked when it is built.
     *
     * @throws IllegalArgumentException naming the known ones
     */
    static void check(String text) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            if (!PLACEHOLDERS.contains(matcher.group(1))) {
                throw new IllegalArgumentException("unknown placeholder {" + matcher.group(1) + "}: use "
                        + String.join(", ", new TreeSet<>(PLACEHOLDERS)));
            }
        }
    }

    /** Whether a template opens the image of its cell. */
    public static boolean usesImage(String text) {
        return text.contains("{image}");
    }

    /** The graph with values put in. */
    public static String expand(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        values.getOrDefault(match.group(1), match.group()).replace(",", ",,")));
    }
}
