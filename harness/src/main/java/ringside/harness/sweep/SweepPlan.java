package ringside.harness.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import ringside.harness.results.PlannedRun;

/**
 * The order of a suite's runs. Every repetition runs all cells once, in a random order of its own: what the host does
 * over the minutes hits all cells alike, and no cell always runs behind the same neighbour. Depends on the seed only.
 */
public final class SweepPlan {
    private SweepPlan() {}

    /** The runs in order. */
    public static List<PlannedRun> of(List<Cell> cells, int repeats, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        RandomGenerator random = seeds.split();
        List<PlannedRun> runs = new ArrayList<>(cells.size() * repeats);
        for (int repetition = 0; repetition < repeats; repetition++) {
            // Equal for all cells of a repetition, because these are paired; apart from the order's generator, so that
            // a single cell can be repeated with the same load.
            long loadSeed = seeds.nextLong() >>> 1;
            List<Cell> order = new ArrayList<>(cells);
            shuffle(order, random);
            for (Cell cell : order) {
                runs.add(new PlannedRun(runs.size(), cell.id(), repetition, loadSeed, cell.axes()));
            }
        }
        return runs;
    }

    private static void shuffle(List<Cell> cells, RandomGenerator random) {
        for (int i = cells.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Cell swapped = cells.get(i);
            cells.set(i, cells.get(j));
            cells.set(j, swapped);
        }
    }
}
