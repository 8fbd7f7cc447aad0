package ringside.reports.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.harness.results.Compared;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.Verdict;

/**
 * The verdict in words.
 *
 * @param sentence one sentence with ratio and interval
 * @param warnings what a reader must know before believing it: interrupted, failed, invalid
 * @param verdict the claim where there is one pair, else the common claim of all, else no difference shown
 */
public record Headline(String sentence, List<String> warnings, Verdict verdict) {
    private static final List<String> NAMED = List.of("rw", "bs", "iodepth", "disks", "cache", "aio");

    /** Words the verdict. */
    public static Headline of(ReportModel model) {
        Map<String, Comparison> comparisons = Comparisons.headline(model);
        return new Headline(sentence(model, comparisons), warnings(model), common(comparisons));
    }

    private static String sentence(ReportModel model, Map<String, Comparison> comparisons) {
        Compared compared = model.folder().compared();
        if (model.folder().results().isEmpty()) {
            return "No run has finished, so there is nothing to compare.";
        }
        if (!model.series().contains(compared.baseline()) || !model.series().contains(compared.contender())) {
            return "Nothing is compared: this suite does not run both %s and %s on axis %s."
                    .formatted(compared.baseline(), compared.contender(), compared.axis());
        }
        String clauses = comparisons.entrySet().stream()
                .map(entry -> clause(entry.getKey(), entry.getValue(), compared))
                .collect(Collectors.joining("; "));
        return begin(clauses) + conditions(model) + ".";
    }

    /** Begins a sentence; a name of a preset stays as it is spelled. */
    private static String begin(String clauses) {
        return clauses.startsWith("no ") || clauses.startsWith("too ")
                ? Character.toUpperCase(clauses.charAt(0)) + clauses.substring(1)
                : clauses;
    }

    private static String clause(String driver, Comparison comparison, Compared compared) {
        String on = driver.isEmpty() ? "" : " on " + driver;
        return switch (comparison.verdict()) {
            case FASTER, SLOWER ->
                "%s is %s the IOPS of %s%s".formatted(compared.contender(), ratio(comparison), compared.baseline(), on);
            case NO_DIFFERENCE_SHOWN ->
                "no difference shown between %s and %s%s with ratio %s"
                        .formatted(compared.contender(), compared.baseline(), on, ratio(comparison));
            case TOO_FEW_RUNS ->
                "too few runs to compare %s with %s%s: %s, at least %d per cell are needed"
                        .formatted(
                                compared.contender(),
                                compared.baseline(),
                                on,
                                pairs(comparison.pairs()),
                                Comparison.MINIMUM_PAIRS);
        };
    }

    /** A ratio with its 95 % interval: {@code 1.42x [1.31, 1.55]}. */
    public static String ratio(Comparison comparison) {
        if (comparison.pairs() == 0) {
            return "—";
        }
        String ratio = Numbers.ratio(comparison.ratio()) + "x";
        return comparison.verdict() == Verdict.TOO_FEW_RUNS
                ? ratio + " (" + pairs(comparison.pairs()) + ", no interval)"
                : "%s [%s, %s]"
                        .formatted(
                                ratio,
                                Numbers.ratio(comparison.interval().low()),
                                Numbers.ratio(comparison.interval().high()));
    }

    private static String pairs(int count) {
        return count + (count == 1 ? " pair of runs" : " pairs of runs");
    }

    private static String conditions(ReportModel model) {
        Map<String, String> constants = model.constants();
        List<String> words = new ArrayList<>();
        for (String name : NAMED) {
            if (constants.containsKey(name) && !constants.get(name).isEmpty()) {
                words.add(words(name, constants.get(name)));
            }
        }
        for (Axis axis : model.axes()) {
            if (axis.varies()
                    && !axis.name().equals(model.comparedAxis())
                    && !axis.name().equals("driver")) {
                words.add("geometric mean over " + axis.values().size() + " values of " + axis.name());
            }
        }
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }

    private static String words(String name, String value) {
        return switch (name) {
            case "iodepth" -> "depth " + value;
            case "disks" -> value + (value.equals("1") ? " disk" : " disks");
            case "bs" -> size(value);
            case "cache", "aio" -> name + "=" + value;
            default -> value;
        };
    }

    /** A size in bytes as fio users write it. */
    private static String size(String value) {
        return value.matches("[1-9]\\d{0,14}") && Long.parseLong(value) % 1024 == 0
                ? Long.parseLong(value) / 1024 + "k"
                : value;
    }

    private static List<String> warnings(ReportModel model) {
        List<String> result = new ArrayList<>();
        int done = model.folder().results().size();
        if (done < model.folder().planned()) {
            result.add("%d of %d runs are finished: what is missing is shown as missing."
                    .formatted(done, model.folder().planned()));
        }
        for (RunStatus status : List.of(RunStatus.FAILED, RunStatus.INVALID, RunStatus.TARGET_MISSED)) {
            int count = model.runs(status).size();
            if (count > 0) {
                result.add("%d %s %s and left out of every figure; the reasons are under Checks."
                        .formatted(count, count == 1 ? "run is" : "runs are", status.label()));
            }
        }
        warnAboutDifferences(model.folder().results(), result);
        return result;
    }

    /** What makes runs of one folder something else than their labels say, or not comparable. */
    private static void warnAboutDifferences(List<RunResult> runs, List<String> result) {
        long fellBack = runs.stream()
                .filter(run -> run.options().containsKey("aio-requested"))
                .count();
        if (fellBack > 0) {
            result.add("In %d of %d runs the host refused io_uring, and they ran with aio=threads."
                    .formatted(fellBack, runs.size()));
        }
        List<String> revisions = runs.stream()
                .map(run -> run.provenance().gitRevision())
                .distinct()
                .toList();
        if (revisions.size() > 1) {
            result.add("The runs were made by %d revisions of Ringside: %s."
                    .formatted(revisions.size(), String.join(", ", revisions)));
        }
    }

    private static Verdict common(Map<String, Comparison> comparisons) {
        List<Verdict> all = comparisons.values().stream()
                .map(Comparison::verdict)
                .distinct()
                .toList();
        return all.size() == 1 ? all.getFirst() : Verdict.NO_DIFFERENCE_SHOWN;
    }
}
