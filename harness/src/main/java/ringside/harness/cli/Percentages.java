package ringside.harness.cli;

import ringside.harness.HarnessException;

/** Percentages on the command line. */
final class Percentages {
    private static final double HUNDRED = 100;

    private Percentages() {}

    /**
     * A share from {@code 3%} or {@code 3}.
     *
     * @param option named in the error
     * @throws HarnessException unless it lies between 0 and 100
     */
    static double share(String option, String percent) {
        String number = percent.endsWith("%") ? percent.substring(0, percent.length() - 1) : percent;
        try {
            double share = Double.parseDouble(number) / HUNDRED;
            if (share > 0 && share < 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw HarnessException.badInput(option + ": '" + percent + "' is no percentage between 0 and 100");
    }
}
