package ringside.harness.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.harness.HarnessException;

/** Durations for people. */
final class Durations {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)([smh]?)");

    private Durations() {}

    /** Minutes and seconds, {@code 1:05}, or hours as well, {@code 1:02:03}. */
    static String format(long ns) {
        long seconds = (ns + NS_PER_S / 2) / NS_PER_S;
        long minutes = seconds / 60;
        return minutes < 60
                ? String.format("%d:%02d", minutes, seconds % 60)
                : String.format("%d:%02d:%02d", minutes / 60, minutes % 60, seconds % 60);
    }

    /**
     * Nanoseconds from {@code 90}, {@code 90s}, {@code 20m} or {@code 1.5h}.
     *
     * @param option named in the error
     * @throws HarnessException unless it is a time above 0
     */
    static long parseNs(String option, String text) {
        Matcher matcher = TIME.matcher(text);
        if (matcher.matches() && Double.parseDouble(matcher.group(1)) > 0) {
            double seconds = switch (matcher.group(2)) {
                case "m" -> 60;
                case "h" -> 3600;
                default -> 1;
            };
            return (long) (Double.parseDouble(matcher.group(1)) * seconds * NS_PER_S);
        }
        throw HarnessException.badInput(option + " " + text + ": write a time such as 90s, 20m or 1.5h");
    }
}
