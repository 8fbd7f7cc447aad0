package ringside.emulator.virtqueue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where a test takes its decisions from: at random from a seed, or all of them, one run after the other. A run asks
 * {@link #next} for each decision; {@link #advance} goes to the next run until every combination was seen.
 */
final class Choices {
    private final RandomGenerator random;
    private int[] taken = new int[16];
    private int[] bounds = new int[16];
    private int depth;

    private Choices(RandomGenerator random) {
        this.random = random;
    }

    static Choices all() {
        return new Choices(null);
    }

    static Choices random(long seed) {
        return new Choices(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    }

    /** A number from 0 to below the bound. */
    int next(int bound) {
        if (random != null) {
            return random.nextInt(bound);
        }
        if (depth == taken.length) {
            taken = Arrays.copyOf(taken, 2 * depth);
            bounds = Arrays.copyOf(bounds, 2 * depth);
        }
        bounds[depth] = bound;
        return taken[depth++];
    }

    /** Begins the next run; false when there is none. Only for {@link #all()}. */
    boolean advance() {
        while (depth > 0 && taken[depth - 1] == bounds[depth - 1] - 1) {
            taken[--depth] = 0;
        }
        if (depth == 0) {
            return false;
        }
        taken[depth - 1]++;
        depth = 0;
        return true;
    }

    @Override
    public String toString() {
        return random != null ? "random" : Arrays.toString(Arrays.copyOf(taken, depth));
    }
}
