package ringside.harness.cli;

/** Durations for people. */
final class Durations {
    private static final long NS_PER_S = 1_000_000_000L;

    private Durations() {}

    /** Minutes and seconds, {@code 1:05}, or hours as well, {@code 1:02:03}. */
    static String format(long ns) {
        long seconds = (ns + NS_PER_S / 2) / NS_PER_S;
        long minutes = seconds / 60;
        return minutes < 60
                ? String.format("%d:%02d", minutes, seconds % 60)
                : String.format("%d:%02d:%02d", minutes / 60, minutes % 60, seconds % 60);
    }
}
