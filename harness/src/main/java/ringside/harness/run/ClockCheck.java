package ringside.harness.run;

import java.util.Locale;
import org.apache.commons.math3.util.ArithmeticUtils;
import ringside.harness.results.SanityCheck;

/** Whether the clock is fine enough for the latencies that were measured with it. */
final class ClockCheck {
    /** A clock may step by this share of the median latency. */
    private static final double COARSEST = 0.1;

    private static final int READINGS = 20_000;

    private ClockCheck() {}

    /**
     * Measures the clock now, in about a millisecond. Two readings differ by what a reading costs at least, however fine the
     * clock is; so its step is the greatest common divisor of many differences.
     */
    static SanityCheck now(double medianNs) {
        long step = 0;
        long begin = System.nanoTime();
        long last = begin;
        for (int i = 0; i < READINGS; i++) {
            long now = System.nanoTime();
            step = ArithmeticUtils.gcd(step, now - last);
            last = now;
        }
        return check(step, (double) (last - begin) / READINGS, medianNs);
    }

    /**
     * Judges a clock.
     *
     * @param stepNs step of its readings
     * @param costNs time of a reading
     * @param medianNs median latency, 0 where there is none
     */
    static SanityCheck check(long stepNs, double costNs, double medianNs) {
        return new SanityCheck(
                "clock",
                medianNs == 0 || stepNs <= COARSEST * medianNs,
                String.format(
                        Locale.ROOT,
                        "it steps by %d ns, a reading costs %.0f ns; the median latency is %.0f ns",
                        stepNs,
                        costNs,
                        medianNs));
    }
}
