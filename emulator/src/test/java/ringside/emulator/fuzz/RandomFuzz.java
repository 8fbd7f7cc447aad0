package ringside.emulator.fuzz;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Gives a target random inputs: no guidance, but the compiled device without instrumentation, so very many of them. */
public final class RandomFuzz {
    private static final int MAX_BYTES = 600;

    private RandomFuzz() {}

    /**
     * Runs a target.
     *
     * @param runs how many inputs at most
     * @param ns how long at most
     * @return how many inputs there were
     */
    static long run(FuzzTarget target, long seed, long runs, long ns) {
        SplittableRandom random = new SplittableRandom(seed);
        long begin = System.nanoTime();
        long done = 0;
        while (done < runs && ((done & 0xff) != 0 || System.nanoTime() - begin < ns)) {
            byte[] input = new byte[random.nextInt(1, MAX_BYTES)];
            random.nextBytes(input);
            give(target, input);
            done++;
        }
        return done;
    }

    private static void give(FuzzTarget target, byte[] input) {
        try {
            target.run(input);
        } catch (Throwable e) {
            throw new AssertionError(
                    e.getMessage() + "; input " + HexFormat.of().formatHex(input), e);
        }
    }

    /** Arguments: target, runs, seconds, seed. Prints one line. */
    public static void main(String[] arguments) {
        FuzzTargets which = FuzzTargets.of(arguments[0]);
        long begin = System.nanoTime();
        try (FuzzTarget target = which.open()) {
            long ns = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2]));
            long done = run(target, Long.parseLong(arguments[3]), Long.parseLong(arguments[1]), ns);
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf("%s: %d executions in %.1f s, %.0f/s%n", which.label(), done, seconds, done / seconds);
        }
    }
}
