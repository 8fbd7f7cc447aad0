package ringside.reports.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.ChangePoints;
import ringside.harness.trend.CellTrend;
import ringside.harness.trend.Trend;
import ringside.harness.trend.TrendChange;
import ringside.harness.trend.TrendPoint;

/**
 * A history arranged for reading.
 *
 * @param trends one per metric, the first gives the verdict
 * @param repository web address of the repository whose commits are linked, empty for none
 */
public record TrendModel(List<Trend> trends, String repository) {
    private static final Pattern COMMIT = Pattern.compile("([0-9a-f]{7,64})(?:-dirty)?");
    private static final int SHORT = 12;

    /** Arranges a history. */
    public static TrendModel of(ReportSubject.History history) {
        return new TrendModel(history.trends(), history.repository());
    }

    /** The trend that gives the verdict. */
    public Trend main() {
        return trends.getFirst();
    }

    /** The folders of the history, oldest first. */
    public List<TrendPoint> points() {
        return main().history();
    }

    /**
     * A change with its place.
     *
     * @param before the last point of the old level
     * @param after the first point of the new level
     */
    public record Placed(Trend trend, TrendChange change, TrendPoint before, TrendPoint after) {
        /** The commits in between as git names them; empty where a point is no commit. */
        public Optional<String> range() {
            return commit(before).flatMap(from -> commit(after).map(to -> cut(from) + ".." + cut(to)));
        }
    }

    /** All changes in all metrics, confirmed ones first, the newest first. */
    public List<Placed> changes() {
        List<Placed> all = new ArrayList<>();
        for (Trend trend : trends) {
            for (CellTrend cell : trend.cells()) {
                cell.changes().forEach(change -> all.add(placed(trend, cell, change)));
            }
        }
        all.sort(Comparator.comparing((Placed placed) -> !placed.change().confirmed())
                .thenComparing(placed -> points().indexOf(placed.after()), Comparator.reverseOrder()));
        return List.copyOf(all);
    }

    /** All changes by the two points that they lie between, in the same order. */
    public Map<List<TrendPoint>, List<Placed>> changesByPlace() {
        Map<List<TrendPoint>, List<Placed>> places = new LinkedHashMap<>();
        for (Placed placed : changes()) {
            places.computeIfAbsent(List.of(placed.before(), placed.after()), _ -> new ArrayList<>())
                    .add(placed);
        }
        return places;
    }

    private static Placed placed(Trend trend, CellTrend cell, TrendChange change) {
        int first = firstOfNewLevel(cell, change);
        return new Placed(
                trend,
                change,
                trend.history().get(cell.at().get(first - 1)),
                trend.history().get(cell.at().get(first)));
    }

    /** Place of a change among the cell's own values. */
    public static int firstOfNewLevel(CellTrend cell, TrendChange change) {
        return cell.points() - change.pointsAfter();
    }

    /** The commit that was measured; empty where the revision is none. */
    public static Optional<String> commit(TrendPoint point) {
        Matcher matcher = COMMIT.matcher(point.revision());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** A revision as people write it. */
    public static String shortRevision(TrendPoint point) {
        return commit(point)
                .map(commit -> cut(commit) + point.revision().substring(commit.length()))
                .orElse(point.revision());
    }

    private static String cut(String commit) {
        return commit.substring(0, Math.min(SHORT, commit.length()));
    }

    /** A change's size with its interval: {@code -10.2 % [-11.0, -9.4]}. */
    public static String size(TrendChange change) {
        return String.format(
                Locale.ROOT,
                "%+.1f %% [%+.1f, %+.1f]",
                100 * (change.ratio() - 1),
                100 * (change.interval().low() - 1),
                100 * (change.interval().high() - 1));
    }

    /** How sure a change is, in words. */
    public static String sure(TrendChange change) {
        return change.confirmed() ? "confirmed" : "suspected";
    }

    /** The verdict in one or two sentences. */
    public String sentence() {
        String metric = MetricText.name(main().metric());
        List<Placed> own =
                changes().stream().filter(placed -> placed.trend() == main()).toList();
        List<Placed> confirmed =
                own.stream().filter(placed -> placed.change().confirmed()).toList();
        if (confirmed.isEmpty()) {
            String suspected = own.isEmpty() ? "" : " " + own.size() + " suspected: see Changes.";
            return "No confirmed change of %s in %d cells over %d points.%s"
                    .formatted(metric, main().cells().size(), main().points(), suspected);
        }
        Placed newest = confirmed.getFirst();
        return "%s %s in %d of %d cells over %d points; the newest is %s: %s %s since %s."
                .formatted(
                        metric,
                        words(confirmed.stream().map(Placed::change)),
                        confirmed.stream()
                                .map(placed -> placed.change().cell())
                                .distinct()
                                .count(),
                        main().cells().size(),
                        main().points(),
                        newest.change().cell(),
                        newest.change().kind().label(),
                        size(newest.change()),
                        shortRevision(newest.after()));
    }

    private static String words(Stream<TrendChange> changes) {
        List<TrendChange> all = changes.toList();
        List<String> kinds =
                all.stream().map(change -> change.kind().label()).distinct().toList();
        return kinds.size() == 1 ? kinds.getFirst() : "changed its level";
    }

    /** Whether the newest confirmed change of the main metric is for the worse, the better, or there is none. */
    public Optional<TrendChange.Kind> verdict() {
        return changes().stream()
                .filter(placed -> placed.trend() == main() && placed.change().confirmed())
                .map(placed -> placed.change().kind())
                .findFirst();
    }

    /** What a reader must know before believing it. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        int fewest = ChangePoints.FEWEST_BEFORE + ChangePoints.FEWEST_AFTER;
        if (main().points() < fewest) {
            warnings.add("A history of %d points is too short to find a change: %d are the least."
                    .formatted(main().points(), fewest));
        } else if (main().points() < ChangePoints.FEWEST_BEFORE_CONFIRMED + ChangePoints.FEWEST_AFTER) {
            warnings.add("A history of %d points is too short to confirm a change: %d are the least."
                    .formatted(main().points(), ChangePoints.FEWEST_BEFORE_CONFIRMED + ChangePoints.FEWEST_AFTER));
        }
        long dirty = points().stream()
                .filter(point -> point.revision().endsWith("-dirty"))
                .count();
        if (dirty > 0) {
            warnings.add("%d of %d points were measured from a changed checkout: their commit is not what ran."
                    .formatted(dirty, main().points()));
        }
        int unsteady = main().cells().stream().mapToInt(CellTrend::unsteady).sum();
        if (unsteady > 0) {
            warnings.add("%d values are of runs whose rate changed its level; they mix levels.".formatted(unsteady));
        }
        return warnings;
    }
}
