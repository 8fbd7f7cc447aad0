package ringside.harness.suite;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations of machine and disk options. Job options follow fio's own rules and are read by workloads. */
public final class Units {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-z]*)");
    private static final Map<String, Long> SIZES = Map.of(
            "", 1L, "b", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "t", 1L << 40, "p", 1L << 50, "e", 1L << 60);
    private static final Map<String, Long> DURATIONS =
            Map.of("", 1L, "ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);

    private Units() {}

    /**
     * A size in bytes as QEMU reads it: k, M, G, T, P and E are powers of 1024, with or without {@code B} or {@code iB}.
     *
     * @throws IllegalArgumentException naming the known units
     */
    public static long bytes(String text) {
        return parse(text, SIZES, true, "a size: use a number with k, M, G or T (powers of 1024), such as 4k or 1MiB");
    }

    /**
     * A duration in nanoseconds; without a unit it is nanoseconds.
     *
     * @throws IllegalArgumentException naming the known units
     */
    public static long nanoseconds(String text) {
        return parse(text, DURATIONS, false, "a duration: use a number with ns, us, ms or s, such as 500us");
    }

    private static long parse(String text, Map<String, Long> units, boolean size, String expected) {
        Matcher matcher = QUANTITY.matcher(text.strip());
        if (matcher.matches()) {
            String unit = matcher.group(2).toLowerCase(Locale.ROOT);
            Long factor = units.get(size ? unit.replaceFirst("(?<=[kmgtpe])i?b$", "") : unit);
            if (factor != null) {
                return exact(text, new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(factor)), expected);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not " + expected);
    }

    private static long exact(String text, BigDecimal value, String expected) {
        try {
            return value.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number or too large for " + expected, e);
        }
    }

    /** A size in the largest unit that divides it, for messages. */
    public static String formatBytes(long bytes) {
        String[] suffixes = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < suffixes.length; i++) {
            long unit = 1L << (10 * (suffixes.length - i));
            if (bytes >= unit) {
                return bytes % unit == 0
                        ? bytes / unit + " " + suffixes[i]
                        : String.format(Locale.ROOT, "%.1f %s", (double) bytes / unit, suffixes[i]);
            }
        }
        return bytes + " bytes";
    }
}
