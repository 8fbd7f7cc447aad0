package ringside.reports.chart;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON that may stand inside a script element, whatever the strings in it say. Thread-safe. */
public final class ScriptJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonMapper ROUNDING =
            JsonMapper.builder().addModule(rounding()).build();
    private static final int DIGITS = 6;

    /** Powers of ten up to here are exact in binary. */
    private static final int MOST_SHIFT = 22;

    private ScriptJson() {}

    /** One line of JSON without {@code <}, {@code >}, {@code &} and the two line ends that JavaScript does not expect. */
    public static String write(Object value) {
        return safe(MAPPER.writeValueAsString(value));
    }

    /** The same for what is only drawn: six significant digits, finer than any screen, and much shorter. */
    static String writeDrawn(Object value) {
        return safe(ROUNDING.writeValueAsString(value));
    }

    private static SimpleModule rounding() {
        return new SimpleModule().addSerializer(Double.class, new ValueSerializer<>() {
            @Override
            public void serialize(Double value, JsonGenerator generator, SerializationContext context) {
                if (Double.isFinite(value)) {
                    generator.writeNumber(rounded(value));
                } else {
                    generator.writeNull();
                }
            }
        });
    }

    /** Six digits, by one multiplication: big decimals took a third of the time of a large report. */
    static double rounded(double value) {
        int shift = DIGITS - 1 - (int) Math.floor(Math.log10(Math.abs(value)));
        if (value == 0 || Math.abs(shift) > MOST_SHIFT) {
            return value;
        }
        double power = Math.pow(10, Math.abs(shift));
        return shift >= 0 ? Math.rint(value * power) / power : Math.rint(value / power) * power;
    }

    private static String safe(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}
