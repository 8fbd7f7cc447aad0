package ringside.harness.cli;

import java.util.Locale;

/** Rates for people. */
final class Rates {
    private Rates() {}

    /** Three significant digits with k or M: {@code 812k}, {@code 1.25M}. */
    static String format(double perSecond) {
        if (perSecond >= 1e6) {
            return digits(perSecond / 1e6) + "M";
        }
        return perSecond >= 1e3 ? digits(perSecond / 1e3) + "k" : digits(perSecond);
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
