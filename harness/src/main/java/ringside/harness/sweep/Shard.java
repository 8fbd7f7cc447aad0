package ringside.harness.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.harness.HarnessException;
import ringside.harness.results.PlannedRun;

/**
 * A share of a suite, so that several machines can run it. Cells that are compared with each other stay together: figures of
 * two machines are never a pair.
 *
 * @param number 1 .. count
 * @param count how many shares there are
 */
public record Shard(int number, int count) {
    /** The whole suite. */
    public static final Shard ALL = new Shard(1, 1);

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})/([1-9]\\d{0,5})");

    /**
     * Reads {@code 2/8}.
     *
     * @throws HarnessException in one line
     */
    public static Shard parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(1)) > Integer.parseInt(form.group(2))) {
            throw HarnessException.badInput(
                    "--shard " + text + ": write NUMBER/COUNT with a number from 1 to the count, for example 1/4");
        }
        return new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    /** Whether this is the whole suite. */
    public boolean isAll() {
        return count == 1;
    }

    /**
     * The runs of this share.
     *
     * @param runs the runs of the whole suite
     * @param cells its cells, in the order of the suite
     * @param compared the axis whose values are compared
     * @throws HarnessException if nothing is left
     */
    public List<PlannedRun> of(List<PlannedRun> runs, List<Cell> cells, String compared) {
        if (isAll()) {
            return runs;
        }
        Map<String, Integer> points = new HashMap<>();
        Map<Map<String, String>, Integer> known = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Map<String, String> point = new LinkedHashMap<>(cell.axes());
            point.remove(compared);
            points.put(cell.id(), known.computeIfAbsent(point, _ -> known.size()));
        }
        List<PlannedRun> own = new ArrayList<>(runs);
        own.removeIf(run -> points.get(run.cell()) % count != number - 1);
        if (own.isEmpty()) {
            throw HarnessException.badInput("--shard " + this + ": the suite has " + known.size()
                    + " points, so this share is empty: use at most " + known.size() + " shares");
        }
        return own;
    }

    @Override
    public String toString() {
        return number + "/" + count;
    }
}
