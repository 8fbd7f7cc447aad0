package ringside.workloads.job;

import java.util.Locale;

/**
 * When a run has been steady for long enough to end (fio: steadystate).
 *
 * @param iops whether the rate of requests is looked at, else that of bytes
 * @param slope whether the slope of a straight line through the window is looked at (per second), else the largest distance
 *     from its mean
 * @param percent whether the limit is relative to the mean
 * @param limit what is still steady: a share for per cent, else requests or bytes per second
 * @param windowNs length of the window (fio: steadystate_duration); 0: no rule
 * @param rampNs nothing is looked at before (fio: steadystate_ramp_time)
 */
public record SteadyRule(boolean iops, boolean slope, boolean percent, double limit, long windowNs, long rampNs) {
    /** fio's default: a run ends by its time or size. */
    public static final SteadyRule NONE = new SteadyRule(true, false, true, 0, 0, 0);

    private static final double HUNDRED = 100;
    private static final long NS_PER_MS = 1_000_000;

    /** Distance of the values that are looked at. */
    public static final long INTERVAL_NS = 1_000_000_000L;

    /** Whether there is a rule. */
    public boolean isUsed() {
        return windowNs > 0;
    }

    /** Reads {@code iops:0.3%}, {@code bw_slope:10k} and the like. */
    static SteadyRule parse(String text) {
        String[] parts = text.split(":", 2);
        boolean known = parts[0].matches("(iops|bw)(_slope)?");
        if (!known || parts.length < 2 || parts[1].isEmpty()) {
            throw new IllegalArgumentException("steadystate=" + text
                    + ": write iops, iops_slope, bw or bw_slope, a colon and a limit, as in iops:0.3%");
        }
        boolean percent = parts[1].endsWith("%");
        String number = percent ? parts[1].substring(0, parts[1].length() - 1) : parts[1];
        try {
            double limit = percent ? Double.parseDouble(number) / HUNDRED : FioUnits.bytes("steadystate", number);
            if (limit > 0) {
                return new SteadyRule(
                        parts[0].startsWith("iops"), parts[0].endsWith("_slope"), percent, limit, INTERVAL_NS, 0);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("steadystate=" + text + ": the limit must be a number above 0");
    }

    /** With a window and a ramp. */
    SteadyRule over(long newWindowNs, long newRampNs) {
        if (newWindowNs < 2 * INTERVAL_NS) {
            throw new IllegalArgumentException(
                    "steadystate needs a window of at least two seconds: add steadystate_duration=SECONDS");
        }
        return new SteadyRule(iops, slope, percent, limit, newWindowNs, newRampNs);
    }

    /** In fio's notation. */
    @Override
    public String toString() {
        return (iops ? "iops" : "bw") + (slope ? "_slope" : "") + ":"
                + (percent
                        ? String.format(Locale.ROOT, "%s%%", Double.toString(limit * HUNDRED))
                        : Long.toString((long) limit));
    }

    /** Window and ramp in milliseconds with a unit, as fio takes them. */
    static String millis(long ns) {
        return ns / NS_PER_MS + "ms";
    }
}
