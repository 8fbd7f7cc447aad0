package ringside.harness.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbSide;
import ringside.harness.results.Metric;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.spi.PairSource;
import ringside.harness.spi.ReportSubject;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;
import ringside.harness.trend.Trend;

/** What a report of two folders or of a history is made from. */
final class ReportOptions implements PairSource {
    /** Metrics of a comparison where none is named, as far as the runs have them. */
    private static final List<String> METRICS = List.of("iops", "lat_p99", "iops_per_cpu_second");

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "Two folders, a history: metric of the results; may be repeated, the first gives the verdict"
                    + " (default: iops; for two folders also lat_p99 and iops_per_cpu_second where measured).")
    private List<String> metrics = new ArrayList<>();

    @Option(
            names = "--min-effect",
            paramLabel = "PERCENT",
            description =
                    "Two folders, a history: smallest change of interest (default: 3%% for two, 1%% for a history).")
    private String minEffect;

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            description = "Two folders: changes smaller than this are none (default: --min-effect; 1%% for ab).")
    private String tolerance;

    @Option(
            names = "--alpha",
            paramLabel = "PERCENT",
            description = "Two folders: chance of any false alarm over all cells (default: 5%%; 0.4%% for ab).")
    private String alpha;

    @Option(
            names = "--repository",
            paramLabel = "URL",
            defaultValue = "",
            description = "A history: web address of the repository; commits link to URL/commit/REVISION.")
    private String repository;

    /** The results folders of one suite in a folder, in order of time. */
    ReportSubject.History history(Path folder) {
        if (!repository.isEmpty() && !repository.matches("https?://[^\\s\"'<>]+")) {
            throw HarnessException.badInput(
                    "--repository: '" + repository + "' is no web address: begin it with https://");
        }
        List<Path> folders = Trend.foldersIn(folder);
        double effect = Percentages.share("--min-effect", minEffect == null ? "1%" : minEffect);
        List<String> names = metrics.isEmpty()
                ? List.of("iops")
                : metrics.stream().distinct().toList();
        return new ReportSubject.History(
                names.stream().map(name -> Trend.of(folders, name, effect)).toList(), repository.replaceAll("/+$", ""));
    }

    /** Two folders that were made one after the other. */
    @Override
    public ReportSubject.Pair pair(Path a, Path b) {
        return pair(side(a), side(b), false);
    }

    /** The two sides of a folder of {@code ringside ab}. */
    @Override
    public ReportSubject.Pair pairs(Path folder) {
        AbPlan plan = AbPlan.read(folder);
        return pair(
                new ReportSubject.Side(plan.base().label(), ResultStore.load(folder.resolve(AbSide.BASE))),
                new ReportSubject.Side(plan.head().label(), ResultStore.load(folder.resolve(AbSide.HEAD))),
                true);
    }

    private static ReportSubject.Side side(Path folder) {
        return new ReportSubject.Side(
                folder.toAbsolutePath().normalize().getFileName().toString(), ResultStore.load(folder));
    }

    private ReportSubject.Pair pair(ReportSubject.Side a, ReportSubject.Side b, boolean paired) {
        refuseEmpty(a.folder());
        refuseEmpty(b.folder());
        double effect = Percentages.share("--min-effect", minEffect == null ? "3%" : minEffect);
        double least = tolerance != null
                ? Percentages.share("--tolerance", tolerance)
                : paired ? Math.min(effect, Percentages.share("--tolerance", "1%")) : effect;
        if (least > effect) {
            throw HarnessException.badInput(
                    "--tolerance " + tolerance + " is more than --min-effect: use a smaller one");
        }
        String chance = alpha != null ? alpha : paired ? "0.4%" : "5%";
        Criteria criteria = new Criteria(effect, least, Percentages.share("--alpha", chance));
        List<FolderComparison> comparisons = new ArrayList<>();
        for (String metric : metrics(List.of(a.folder(), b.folder()))) {
            comparisons.add(
                    paired
                            ? FolderComparison.paired(a.folder(), b.folder(), metric, criteria)
                            : FolderComparison.of(a.folder(), b.folder(), metric, criteria));
        }
        return new ReportSubject.Pair(a, b, comparisons);
    }

    private static void refuseEmpty(RunFolder folder) {
        if (folder.results().isEmpty()) {
            throw HarnessException.badInput(
                    folder.directory() + " has no finished run, so there is nothing to compare: run its suite first");
        }
    }

    private List<String> metrics(List<RunFolder> folders) {
        if (!metrics.isEmpty()) {
            return metrics.stream().distinct().toList();
        }
        Set<String> known = new TreeSet<>();
        for (RunFolder folder : folders) {
            for (RunResult run : folder.results()) {
                run.metrics().forEach((name, metric) -> {
                    if (metric.better() != Metric.Better.NEITHER) {
                        known.add(name);
                    }
                });
            }
        }
        List<String> found = METRICS.stream().filter(known::contains).toList();
        return found.isEmpty() ? METRICS.subList(0, 1) : found;
    }
}
