package ringside.workloads.job;

import java.util.Locale;
import java.util.Map;

/**
 * Numbers with fio's suffixes under kb_base=1024, fio's default: {@code k, kb, ki} are 1024 but {@code kib} is 1000, as
 * fio's parser has it. Suffixes do not depend on case. Stricter than fio where fio silently drops a rest: {@code 1.5k},
 * {@code 4 k} and {@code 7x} are errors.
 */
final class FioUnits {
    private static final String PREFIXES = "kmgtp";
    private static final Map<String, Long> TIME_UNITS_NS = Map.ofEntries(
            Map.entry("", 1_000_000_000L),
            Map.entry("s", 1_000_000_000L),
            Map.entry("sec", 1_000_000_000L),
            Map.entry("us", 1_000L),
            Map.entry("usec", 1_000L),
            Map.entry("ms", 1_000_000L),
            Map.entry("msec", 1_000_000L),
            Map.entry("m", 60_000_000_000L),
            Map.entry("h", 3_600_000_000_000L),
            Map.entry("d", 86_400_000_000_000L));

    private FioUnits() {}

    /** A size in bytes. */
    static long bytes(String option, String text) {
        int end = digitsEnd(text);
        String suffix = text.substring(end).toLowerCase(Locale.ROOT);
        return multiply(option, text, number(option, text, end), byteFactor(option, text, suffix));
    }

    /** A duration in nanoseconds; plain numbers are seconds. */
    static long durationNs(String option, String text) {
        int end = digitsEnd(text);
        Long factor = TIME_UNITS_NS.get(text.substring(end).toLowerCase(Locale.ROOT));
        if (factor == null) {
            throw bad(option, text, "is not a time: use a whole number with us, ms, s, m, h or d");
        }
        return multiply(option, text, number(option, text, end), factor);
    }

    /** A duration whose bare number is microseconds, as some of fio's options have it. */
    static long microsNs(String option, String text) {
        String value = text.strip();
        return durationNs(option, value.matches("[0-9]+") ? value + "us" : value);
    }

    /** A whole number in a range. */
    static long integer(String option, String text, long min, long max) {
        long value = bytes(option, text);
        if (value < min || value > max) {
            throw bad(option, text, "is out of range: it must be " + min + ".." + max);
        }
        return value;
    }

    /** fio's boolean: 0 or 1. */
    static boolean bool(String option, String text) {
        return integer(option, text, 0, 1) == 1;
    }

    private static long byteFactor(String option, String text, String suffix) {
        if (suffix.isEmpty() || suffix.equals("b")) {
            return 1;
        }
        int power = PREFIXES.indexOf(suffix.charAt(0)) + 1;
        String rest = suffix.substring(1);
        if (power == 0 || !(rest.isEmpty() || rest.equals("b") || rest.equals("i") || rest.equals("ib"))) {
            throw bad(option, text, "is not a number: use digits with k, m, g, t or p");
        }
        long base = rest.equals("ib") ? 1000 : 1024;
        long factor = 1;
        for (int i = 0; i < power; i++) {
            factor *= base;
        }
        return factor;
    }

    private static int digitsEnd(String text) {
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        int end = hex ? 2 : 0;
        while (end < text.length() && Character.digit(text.charAt(end), hex ? 16 : 10) >= 0) {
            end++;
        }
        return end;
    }

    private static long number(String option, String text, int end) {
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        try {
            return hex ? Long.parseLong(text.substring(2, end), 16) : Long.parseLong(text.substring(0, end));
        } catch (NumberFormatException e) {
            throw bad(option, text, "is not a whole number of 0 or more that fits in 63 bits");
        }
    }

    private static long multiply(String option, String text, long number, long factor) {
        try {
            return Math.multiplyExact(number, factor);
        } catch (ArithmeticException e) {
            throw bad(option, text, "is too large");
        }
    }

    private static IllegalArgumentException bad(String option, String text, String why) {
        return new IllegalArgumentException(option + "=" + text + " " + why);
    }
}
