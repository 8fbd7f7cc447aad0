package ringside.reports.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbPlan;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.Verdict;

/**
 * What an index says of one folder, without its runs: an index may have hundreds.
 *
 * @param name of the folder
 * @param kind what it is
 * @param suite name of the suite, empty where the folder cannot be read
 * @param title one line
 * @param startedAt begin of its first run in ISO-8601, empty where none has finished
 * @param revision of Ringside, empty likewise
 * @param host processor and kernel, empty likewise
 * @param done finished runs
 * @param planned planned runs
 * @param bad finished runs that do not count
 * @param disturbed runs that the host disturbed
 * @param sentence the verdict, or why the folder cannot be read
 * @param verdict what kind of verdict that is
 * @param pages reports that are in the folder, by name of the file
 */
public record IndexEntry(
        String name,
        Kind kind,
        String suite,
        String title,
        String startedAt,
        String revision,
        String host,
        int done,
        int planned,
        int bad,
        int disturbed,
        String sentence,
        Verdict verdict,
        List<String> pages) {
    /** What a folder is. */
    public enum Kind {
        /** Results of a suite. */
        RESULTS,
        /** Pairs of {@code ringside ab}. */
        PAIRS,
        /** A results folder that cannot be read. */
        UNREADABLE
    }

    /** Whether a folder belongs into an index. */
    static boolean isOne(Path folder) {
        return ResultStore.isResultFolder(folder) || AbPlan.isIn(folder);
    }

    /** Summarises a folder. */
    static IndexEntry of(Path folder) {
        String name = folder.getFileName().toString();
        try {
            if (AbPlan.isIn(folder)) {
                AbPlan plan = AbPlan.read(folder);
                return of(
                        name,
                        Kind.PAIRS,
                        ResultStore.load(folder.resolve(plan.head().name())),
                        plan.head().label() + " against " + plan.base().label(),
                        Verdict.NO_DIFFERENCE_SHOWN,
                        folder);
            }
            RunFolder loaded = ResultStore.load(folder);
            Headline headline = Headline.of(ReportModel.of(loaded));
            return of(name, Kind.RESULTS, loaded, headline.sentence(), headline.verdict(), folder);
        } catch (HarnessException e) {
            return new IndexEntry(
                    name,
                    Kind.UNREADABLE,
                    "",
                    "",
                    "",
                    "",
                    "",
                    0,
                    0,
                    0,
                    0,
                    e.getMessage(),
                    Verdict.TOO_FEW_RUNS,
                    List.of());
        }
    }

    private static IndexEntry of(
            String name, Kind kind, RunFolder folder, String sentence, Verdict verdict, Path place) {
        List<RunResult> runs = folder.results();
        boolean none = runs.isEmpty();
        return new IndexEntry(
                name,
                kind,
                folder.suite(),
                folder.title(),
                none ? "" : runs.getFirst().provenance().startedAt(),
                none ? "" : runs.getFirst().provenance().gitRevision(),
                none ? "" : host(runs.getFirst()),
                runs.size(),
                folder.planned(),
                (int) runs.stream().filter(run -> run.status() != RunStatus.OK).count(),
                (int) runs.stream().filter(run -> run.disturbance().isPresent()).count(),
                sentence,
                verdict,
                pages(place));
    }

    private static String host(RunResult run) {
        return run.provenance().host().getOrDefault("cpu", "unknown processor") + ", kernel "
                + run.provenance().host().getOrDefault("kernel", "unknown");
    }

    private static List<String> pages(Path folder) {
        String[] names = folder.toFile().list((_, name) -> name.endsWith(".html") && !name.startsWith("."));
        return names == null
                ? List.of()
                : List.of(names).stream()
                        .filter(name -> Files.isRegularFile(folder.resolve(name)))
                        .sorted()
                        .toList();
    }
}
