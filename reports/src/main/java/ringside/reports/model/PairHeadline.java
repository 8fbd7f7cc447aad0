package ringside.reports.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunStatus;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.FolderComparison;

/**
 * The verdict over two folders in words.
 *
 * @param sentence one or two sentences with ratio and interval
 * @param warnings what a reader must know before believing it
 * @param verdict regressed, improved, or neither
 */
public record PairHeadline(String sentence, List<String> warnings, Change verdict) {
    private static final double HUNDRED = 100;

    /** Words the verdict of the first metric. */
    public static PairHeadline of(PairModel model) {
        FolderComparison main = model.main();
        Change verdict = main.count(Change.REGRESSED) > 0
                ? Change.REGRESSED
                : main.count(Change.IMPROVED) > 0 ? Change.IMPROVED : Change.SAME;
        return new PairHeadline(sentence(model, main), warnings(model), verdict);
    }

    private static String sentence(PairModel model, FolderComparison main) {
        String metric = MetricText.name(main.metric());
        List<String> parts = new ArrayList<>();
        for (Change change : List.of(Change.REGRESSED, Change.IMPROVED)) {
            worst(main, change)
                    .ifPresent(cell -> parts.add("%s in %d of %d cells, most at %s: %s"
                            .formatted(
                                    change.label(),
                                    main.count(change),
                                    main.cells().size(),
                                    model.label(cell.cell()),
                                    ratio(cell))));
        }
        if (!parts.isEmpty()) {
            return "In %s, B %s.".formatted(metric, String.join(", and ", parts));
        }
        long same = main.count(Change.SAME);
        return same == main.cells().size()
                ? "No cell of %d changed: an effect of %s in %s would have been found in each."
                        .formatted(same, percent(main.minEffect()), metric)
                : "No cell was shown to have changed in %s: %d of %d are the same, %d are undecided."
                        .formatted(
                                metric, same, main.cells().size(), main.cells().size() - same);
    }

    private static Optional<CellChange> worst(FolderComparison comparison, Change change) {
        return comparison.cells().stream()
                .filter(cell -> cell.change() == change)
                .max(Comparator.comparingDouble(cell -> Math.abs(Math.log(cell.ratio()))));
    }

    /** A ratio with its interval, where there is one: {@code 0.93x [0.91, 0.95]}. */
    public static String ratio(CellChange cell) {
        if (Double.isNaN(cell.ratio())) {
            return "—";
        }
        String ratio = Numbers.ratio(cell.ratio()) + "x";
        return Double.isInfinite(cell.interval().high())
                ? ratio
                : "%s [%s, %s]"
                        .formatted(
                                ratio,
                                Numbers.ratio(cell.interval().low()),
                                Numbers.ratio(cell.interval().high()));
    }

    /** What may be said of a cell, with the runs that are missing. */
    public static String verdict(FolderComparison comparison, CellChange cell) {
        return cell.change() == Change.UNDERPOWERED
                ? "%s: needs %d %s"
                        .formatted(
                                cell.change().label(), cell.runsNeeded(), comparison.paired() ? "pairs" : "runs a side")
                : cell.change().label();
    }

    /** A p value with two digits. */
    public static String pValue(double p) {
        return p < 0.001 ? "under 0.001" : String.format(Locale.ROOT, "%.2g", p);
    }

    /** A share in percent, for example {@code 3 %}. */
    public static String percent(double share) {
        return new BigDecimal(HUNDRED * share)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }

    private static List<String> warnings(PairModel model) {
        List<String> warnings = new ArrayList<>();
        FolderComparison main = model.main();
        if (!main.paired()) {
            warnings.add("A and B were measured one after the other: what the host did in between counts as a"
                    + " difference. ringside ab measures them in pairs.");
        }
        if (!main.differences().isEmpty()) {
            warnings.add("Besides what was measured, A and B differ in %d %s: see What differs."
                    .formatted(main.differences().size(), main.differences().size() == 1 ? "fact" : "facts"));
        }
        int needed = main.cells().stream()
                .filter(cell -> cell.change() == Change.UNDERPOWERED)
                .mapToInt(CellChange::runsNeeded)
                .max()
                .orElse(0);
        if (needed > 0) {
            warnings.add("%d of %d cells have too few runs for their scatter: %d %s each would tell."
                    .formatted(
                            main.count(Change.UNDERPOWERED),
                            main.cells().size(),
                            needed,
                            main.paired() ? "pairs" : "runs a side"));
        }
        if (!main.unsteady().isEmpty()) {
            warnings.add("In %d of the cells the rate changed its level within the runs; their figures mix levels."
                    .formatted(main.unsteady().size()));
        }
        side(warnings, "A", model.a());
        side(warnings, "B", model.b());
        return warnings;
    }

    private static void side(List<String> warnings, String name, ReportSubject.Side side) {
        RunFolder folder = side.folder();
        int missing = folder.planned() - folder.results().size();
        if (missing > 0) {
            warnings.add("%s is not finished: %d of %d runs are missing.".formatted(name, missing, folder.planned()));
        }
        long bad = folder.results().stream()
                .filter(run -> run.status() != RunStatus.OK)
                .count();
        if (bad > 0) {
            warnings.add("%d of %d runs of %s failed or are invalid and do not count."
                    .formatted(bad, folder.results().size(), name));
        }
        long disturbed = folder.results().stream()
                .filter(run -> run.disturbance().isPresent())
                .count();
        if (disturbed > 0) {
            warnings.add("The host disturbed %d of %d runs of %s; they count all the same."
                    .formatted(disturbed, folder.results().size(), name));
        }
    }
}
