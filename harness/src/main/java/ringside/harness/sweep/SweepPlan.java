package ringside.harness.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        return of(cells, repeats, seed, "");
    }

    /**
     * The runs in order, those of one repetition that differ in one axis only side by side, for a suite so long that the
     * host changes within a repetition.
     *
     * @param adjacent name of that axis; empty for an order of all cells
     */
    public static List<PlannedRun> of(List<Cell> cells, int repeats, long seed, String adjacent) {
        SplittableRandom seeds = new SplittableRandom(seed);
        RandomGenerator random = seeds.split();
        List<PlannedRun> runs = new ArrayList<>(cells.size() * repeats);
        for (int repetition = 0; repetition < repeats; repetition++) {
            // Equal for all cells of a repetition, because these are paired; apart from the order's generator, so that
            // a single cell can be repeated with the same load.
            long loadSeed = seeds.nextLong() >>> 1;
            for (Cell cell : order(cells, adjacent, random)) {
                runs.add(new PlannedRun(runs.size(), cell.id(), repetition, loadSeed, cell.axes()));
            }
        }
        return runs;
    }

    /** Seed of the load in a repetition, the same as in a plan that has so many. */
    public static long loadSeed(long seed, int repetition) {
        SplittableRandom seeds = new SplittableRandom(seed);
        seeds.split();
        long loadSeed = 0;
        for (int i = 0; i <= repetition; i++) {
            loadSeed = seeds.nextLong() >>> 1;
        }
        return loadSeed;
    }

    private static List<Cell> order(List<Cell> cells, String adjacent, RandomGenerator random) {
        if (adjacent.isEmpty()) {
            List<Cell> order = new ArrayList<>(cells);
            shuffle(order, random);
            return order;
        }
        Map<Map<String, String>, List<Cell>> groups = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Map<String, String> others = new LinkedHashMap<>(cell.axes());
            others.remove(adjacent);
            groups.computeIfAbsent(others, _ -> new ArrayList<>()).add(cell);
        }
        List<List<Cell>> order = new ArrayList<>(groups.values());
        shuffle(order, random);
        order.forEach(group -> shuffle(group, random));
        return order.stream().flatMap(List::stream).toList();
    }

    private static <T> void shuffle(List<T> items, RandomGenerator random) {
        for (int i = items.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            T swapped = items.get(i);
            items.set(i, items.get(j));
            items.set(j, swapped);
        }
    }
}
