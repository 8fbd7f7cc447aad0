package ringside.harness.serve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options in QEMU's syntax: {@code key=value,key=value}. A comma within a value is written twice. Keys that were not
 * asked for are errors, so that a misspelt option is never silently ignored.
 */
final class KeyValues {
    private final String option;
    private final Map<String, String> values;

    private KeyValues(String option, Map<String, String> values) {
        this.option = option;
        this.values = values;
    }

    /**
     * Splits a text.
     *
     * @param option name of the command-line option, for messages
     * @throws IllegalArgumentException in one line when the text is not of this form or names a key twice
     */
    static KeyValues parse(String option, String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : split(text)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(option + ": '" + pair + "' is not of the form key=value");
            }
            String key = pair.substring(0, equals);
            if (values.put(key, pair.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(option + ": " + key + " is given twice");
            }
        }
        return new KeyValues(option, values);
    }

    private static String[] split(String text) {
        // A doubled comma is a comma of the value; NUL cannot be part of an argument.
        String[] pairs = text.replace(",,", "\0").split(",", -1);
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pairs[i].replace('\0', ',');
        }
        return pairs;
    }

    /**
     * Refuses keys outside a list.
     *
     * @param context to which the allowed keys belong, for the message
     */
    void allow(String context, List<String> keys) {
        for (String key : values.keySet()) {
            if (!keys.contains(key)) {
                throw new IllegalArgumentException(
                        option + ": " + context + " has no option '" + key + "': use " + String.join(", ", keys));
            }
        }
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** A value that must be there and not be empty. */
    String required(String key, String remedy) {
        return text(key)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(option + ": " + key + " is missing: " + remedy));
    }

    /** {@code on} or {@code off}. */
    boolean on(String key, boolean whenAbsent) {
        return switch (values.getOrDefault(key, whenAbsent ? "on" : "off")) {
            case "on" -> true;
            case "off" -> false;
            default ->
                throw new IllegalArgumentException(
                        option + ": " + key + "=" + values.get(key) + " is neither on nor off");
        };
    }
}
