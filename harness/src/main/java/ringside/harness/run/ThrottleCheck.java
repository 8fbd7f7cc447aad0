package ringside.harness.run;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;

/**
 * Whether a throttled disk did no more than its throttle allows: the average over the measured phase, what its bucket holds,
 * and the requests that were in flight when the phase began. A load that asks for less stays below, and that is no fault.
 */
final class ThrottleCheck {
    private static final double NS_PER_SECOND = 1e9;

    /** A bucket without a burst allowance holds a tenth of a second's worth (QEMU: docs/throttle.txt). */
    private static final double AT_ONCE_SECONDS = 0.1;

    /** Windows are measured by other threads than those that count; this much is left for it. */
    private static final double ROUNDING = 0.002;

    private final int disks;
    private final double seconds;
    private final Function<Option, String> options;

    /** @param options effective options of the run; measuredNs length of the measured phase */
    ThrottleCheck(Function<Option, String> options, long measuredNs) {
        this.disks = Integer.parseInt(options.apply(Option.DISKS));
        this.seconds = measuredNs / NS_PER_SECOND;
        this.options = options;
    }

    /**
     * The check, empty for disks without a throttle.
     *
     * @param inFlight most requests that may have been in flight, and their bytes
     */
    Optional<SanityCheck> check(long ios, long bytes, long inFlight, long bytesInFlight) {
        String tooMuch = excess("iops-total", ios, Option.IOPS_TOTAL, Option.IOPS_TOTAL_MAX, inFlight)
                + excess("bps-total", bytes, Option.BPS_TOTAL, Option.BPS_TOTAL_MAX, bytesInFlight);
        if (limit(Option.IOPS_TOTAL) == 0 && limit(Option.BPS_TOTAL) == 0) {
            return Optional.empty();
        }
        return Optional.of(new SanityCheck(
                "throttle",
                tooMuch.isEmpty(),
                tooMuch.isEmpty() ? "no more than the throttle of the disks allows" : tooMuch.strip()));
    }

    private String excess(String name, long done, Option average, Option burst, long inFlight) {
        double perSecond = limit(average);
        if (perSecond == 0) {
            return "";
        }
        double holds = limit(burst) == 0 ? perSecond * AT_ONCE_SECONDS : limit(burst);
        double allowed = (disks * (perSecond * seconds + holds) + inFlight) * (1 + ROUNDING);
        return done <= allowed
                ? ""
                : String.format(Locale.ROOT, " %s: %d done, %.0f allowed in %.3f s.", name, done, allowed, seconds);
    }

    private long limit(Option option) {
        String text = options.apply(option);
        return text == null || text.isEmpty() ? 0 : Units.bytes(text);
    }
}
