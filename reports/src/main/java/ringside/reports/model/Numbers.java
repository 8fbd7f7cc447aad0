package ringside.reports.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. Display only: tables for download and the embedded results keep every digit. */
public final class Numbers {
    private static final String[] LARGE = {"", " k", " M", " G", " T"};
    private static final String[] TIMES = {" ns", " µs", " ms", " s"};
    private static final int DEFAULT_DIGITS = 4;

    private Numbers() {}

    /** An estimate with an SI prefix, cut to its precision: {@code 147.2 k}. */
    public static String si(Estimate estimate) {
        return si(estimate.median(), digits(estimate.relativeError()));
    }

    /** With an SI prefix and four digits. */
    public static String si(double value) {
        return si(value, DEFAULT_DIGITS);
    }

    /** With an SI prefix and so many significant digits. */
    public static String si(double value, int digits) {
        double scaled = value;
        int prefix = 0;
        // What would be rounded to 1000 belongs to the next prefix.
        while (Math.abs(scaled) >= 1000 - 0.5 * Math.pow(10, 3 - Math.max(digits, 3)) && prefix < LARGE.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        return significant(scaled, digits) + LARGE[prefix];
    }

    /** A duration given in nanoseconds, three digits, in the unit that fits. */
    public static String duration(double ns) {
        double scaled = ns;
        int unit = 0;
        while (Math.abs(scaled) >= 999.5 && unit < TIMES.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return (unit == 0 && scaled == Math.rint(scaled)
                        ? String.format(Locale.ROOT, "%.0f", scaled)
                        : significant(scaled, 3))
                + TIMES[unit];
    }

    /** A share as a percentage. */
    public static String percent(double share) {
        double value = share * 100;
        return value != 0 && Math.abs(value) < 0.1
                ? "under 0.1 %"
                : String.format(Locale.ROOT, "%.1f %%", value).replace(".0 %", " %");
    }

    /** A ratio with three significant digits. */
    public static String ratio(double value) {
        return Double.isInfinite(value) ? "∞" : significant(value, 3);
    }

    /** So many significant digits as the precision carries, at least three (two would themselves err by up to 5 %), at most four. */
    static int digits(double relativeError) {
        if (relativeError <= 0) {
            return DEFAULT_DIGITS;
        }
        return Math.clamp((int) Math.ceil(-Math.log10(relativeError)) + 1, 3, DEFAULT_DIGITS);
    }

    private static String significant(double value, int digits) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? "0" : Double.toString(value);
        }
        // Rounded before the digits are counted: 0.99996 with four digits is 1.000, not 1.0000.
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        return rounded.scale() < 0 ? rounded.setScale(0).toPlainString() : rounded.toPlainString();
    }
}
