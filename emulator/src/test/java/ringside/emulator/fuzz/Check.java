package ringside.emulator.fuzz;

/** Assertions that cost nothing while they hold. */
public final class Check {
    private Check() {}

    /** Fails with a message. */
    public static void that(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** Fails with a message made of numbers. */
    public static void that(boolean condition, String otherwise, int number) {
        if (!condition) {
            throw new AssertionError(otherwise.formatted(number));
        }
    }

    /** Fails with a message made of numbers. */
    public static void that(boolean condition, String otherwise, int first, int second) {
        if (!condition) {
            throw new AssertionError(otherwise.formatted(first, second));
        }
    }

    /** Fails with a message made of a condition. */
    public static void that(boolean condition, String otherwise, boolean first) {
        if (!condition) {
            throw new AssertionError(otherwise.formatted(first));
        }
    }

    /** Fails with a message made of two conditions. */
    public static void that(boolean condition, String otherwise, boolean first, boolean second) {
        if (!condition) {
            throw new AssertionError(otherwise.formatted(first, second));
        }
    }

    /** Fails with a message made of a number and something else. */
    public static void that(boolean condition, String otherwise, int number, Object what) {
        if (!condition) {
            throw new AssertionError(otherwise.formatted(number, what));
        }
    }
}
