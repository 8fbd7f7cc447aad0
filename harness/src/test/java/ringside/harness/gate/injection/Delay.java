package ringside.harness.gate.injection;

/**
 * What {@link Injection} adds to a copy of the program to make it slower by a known cause. It is no part of the program: its
 * class lies in the tests, and goes only into the jar of such a copy.
 */
public final class Delay {
    private static final int LARGEST_COPY_BYTES = 1 << 20;
    private static final byte[] SOURCE = new byte[LARGEST_COPY_BYTES];
    private static final byte[] TARGET = new byte[LARGEST_COPY_BYTES];

    /** Written by whatever thread is delayed; a lost count shifts the next early commit by one request. */
    private static int requests;

    private Delay() {}

    /** Keeps the CPU busy for a time. */
    public static void spin(int ns) {
        long end = System.nanoTime() + ns;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Copies bytes that nobody wants. */
    public static void copy(int bytes) {
        System.arraycopy(SOURCE, 0, TARGET, 0, Math.min(bytes, LARGEST_COPY_BYTES));
    }

    /** Whether one more request makes it time for a commit of its own. */
    public static boolean isDue(int every) {
        requests++;
        return requests % every == 0;
    }
}
