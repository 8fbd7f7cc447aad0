package ringside.harness.gate;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with a unit as people write it: {@code 200us}, {@code 350k}, {@code 4MiB}, {@code 2%}, {@code 0.05}. What the suffix
 * means depends on the metric's unit, and is settled when that is known.
 *
 * @param number as written
 * @param suffix as written, empty for none
 */
record Limit(double number, String suffix) {
    private static final Pattern FORM = Pattern.compile("([+-]?[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\\s*([A-Za-z%/]*)");
    private static final Map<String, Double> TIMES = Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);
    private static final Map<String, Double> SIZES = Map.of(
            "b", 1.0, "kib", 1024.0, "mib", 0x1p20, "gib", 0x1p30, "kb", 1e3, "mb", 1e6, "gb", 1e9, "k", 1024.0, "m",
            0x1p20, "g", 0x1p30);
    private static final Map<String, Double> COUNTS = Map.of("k", 1e3, "m", 1e6, "g", 1e9);
    private static final double PERCENT = 0.01;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with the forms there are
     */
    static Limit parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no limit: use a number with a unit that suits the metric, such as 200us, 350k, 4MiB or 2%");
        }
        return new Limit(Double.parseDouble(matcher.group(1)), matcher.group(2));
    }

    /**
     * The limit in a metric's unit.
     *
     * @throws IllegalArgumentException if the suffix does not suit it
     */
    double in(String unit) {
        if (suffix.isEmpty()) {
            return number;
        }
        if (suffix.equals("%") && (unit.equals("ratio") || unit.equals("1"))) {
            return number * PERCENT;
        }
        String small = suffix.toLowerCase(Locale.ROOT).replaceFirst("/s$|(?<=.)/op$", "");
        Double factor = switch (unit) {
            case "ns", "us", "ms", "s", "ns/op", "us/op", "ms/op", "s/op" -> time(unit.replace("/op", ""), small);
            case "bytes", "bytes/s", "B/op" -> SIZES.get(small);
            default -> COUNTS.get(small);
        };
        if (factor == null) {
            throw new IllegalArgumentException("'" + suffix + "' does not suit a metric in " + unit);
        }
        return number * factor;
    }

    private static Double time(String unit, String suffix) {
        return TIMES.containsKey(suffix) ? TIMES.get(suffix) / TIMES.get(unit) : null;
    }
}
