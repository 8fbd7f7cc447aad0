package ringside.harness.blockdev;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two notations of an option: {@code key=value,key=value} with a doubled comma for one inside a value, or a JSON object.
 * Both become dotted keys with text values; JSON's {@code null} is the empty text.
 */
final class OptionText {
    private OptionText() {}

    /** @throws IllegalArgumentException in one line when the text has neither form or names a key twice */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        if (text.strip().startsWith("{")) {
            json(text, values);
        } else {
            pairs(text, values);
        }
        refuseLeavesWithChildren(values);
        return values;
    }

    private static void pairs(String text, Map<String, String> values) {
        // A doubled comma is a comma of the value; NUL cannot be part of an argument.
        for (String escaped : text.replace(",,", "\0").split(",", -1)) {
            String pair = escaped.replace('\0', ',');
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("'" + pair + "' is not of the form key=value");
            }
            put(values, pair.substring(0, equals), pair.substring(equals + 1));
        }
    }

    private static void put(Map<String, String> values, String key, String value) {
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException(key + " is given twice");
        }
    }

    private static void json(String text, Map<String, String> values) {
        try {
            flatten("", JsonMapper.shared().readTree(text), values);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "not valid JSON: " + e.getOriginalMessage().replace('\n', ' '), e);
        }
    }

    private static void flatten(String key, JsonNode node, Map<String, String> values) {
        String prefix = key.isEmpty() ? "" : key + ".";
        if (node.isObject()) {
            node.properties().forEach(entry -> flatten(prefix + entry.getKey(), entry.getValue(), values));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(prefix + i, node.get(i), values);
            }
        } else {
            put(values, key, scalar(node));
        }
    }

    private static String scalar(JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue() ? "on" : "off";
        }
        return node.isNull() ? "" : node.asString();
    }

    /** {@code file=a,file.driver=b}: a value cannot also be a node. */
    private static void refuseLeavesWithChildren(Map<String, String> values) {
        NavigableSet<String> keys = new TreeSet<>(values.keySet());
        for (String key : values.keySet()) {
            String nested = keys.ceiling(key + ".");
            if (nested != null && nested.startsWith(key + ".")) {
                throw new IllegalArgumentException(key + " is given as a value and as " + nested + ": leave one out");
            }
        }
    }
}
