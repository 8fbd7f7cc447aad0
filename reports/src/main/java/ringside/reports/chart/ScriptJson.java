package ringside.reports.chart;

import tools.jackson.databind.json.JsonMapper;

/** JSON that may stand inside a script element, whatever the strings in it say. Thread-safe. */
public final class ScriptJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ScriptJson() {}

    /** One line of JSON without {@code <}, {@code >}, {@code &} and the two line ends that JavaScript does not expect. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}
