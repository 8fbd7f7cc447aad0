package ringside.harness.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.FolderDifferences;

/** From results to what the gate keeps of them. */
public final class Recording {
    /** What the host did meanwhile and what the emulator counted: facts about runs, nothing to hold a change against. */
    private static final List<String> LEFT_OUT = List.of("host_", "psi_", "observer_", "counter.");

    private static final MathContext DIGITS = new MathContext(6);

    private Recording() {}

    /**
     * Takes folders as the sessions of one suite, in order of time.
     *
     * @throws HarnessException when they are of several suites, were not made alike, or hold no valid run
     */
    public static Baseline of(List<RunFolder> folders) {
        List<Baseline> sessions = folders.stream()
                .map(Recording::session)
                .sorted((a, b) -> a.sessions()
                        .getFirst()
                        .startedAt()
                        .compareTo(b.sessions().getFirst().startedAt()))
                .toList();
        for (int i = 1; i < sessions.size(); i++) {
            refuseOther(sessions.getFirst(), sessions.get(i));
        }
        return sessions.stream().reduce((a, b) -> a.plus(b, Integer.MAX_VALUE)).orElseThrow();
    }

    /**
     * Both sides of pairs.
     *
     * @param base what is compared with
     * @param head what is judged
     */
    public record Pairs(Baseline base, Baseline head) {}

    /**
     * Takes two folders whose runs of one repetition are partners; a run whose partner is not valid does not count.
     *
     * @throws HarnessException when no pair is valid
     */
    public static Pairs ofPairs(RunFolder base, RunFolder head) {
        Set<List<Object>> both = valid(base);
        both.retainAll(valid(head));
        return new Pairs(session(only(base, both)), session(only(head, both)));
    }

    private static Set<List<Object>> valid(RunFolder folder) {
        return folder.results().stream()
                .filter(run -> run.status() == RunStatus.OK)
                .map(Recording::pair)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Object> pair(RunResult run) {
        return List.of(run.cell(), run.repetition());
    }

    private static RunFolder only(RunFolder folder, Set<List<Object>> pairs) {
        return new RunFolder(
                folder.directory(),
                folder.suite(),
                folder.suiteYaml(),
                folder.title(),
                folder.planned(),
                folder.results().stream()
                        .filter(run -> pairs.contains(pair(run)))
                        .sorted(Comparator.comparing(RunResult::repetition))
                        .toList());
    }

    private static void refuseOther(Baseline first, Baseline other) {
        List<Difference> differences = Compatibility.between(first, other);
        if (!differences.isEmpty()) {
            Difference one = differences.getFirst();
            throw HarnessException.badInput("the results folders were not made alike: " + one.name() + " is "
                    + one.was() + " in one and " + one.is() + " in another: give folders of one host, JVM and suite");
        }
    }

    private static Baseline session(RunFolder folder) {
        List<RunResult> valid = folder.results().stream()
                .filter(run -> run.status() == RunStatus.OK)
                .toList();
        if (valid.isEmpty()) {
            throw HarnessException.badInput(folder.directory() + " has no valid run: finish it first, or name another");
        }
        Provenance first = valid.getFirst().provenance();
        Map<String, String> common = commonOptions(folder, valid);
        return new Baseline(
                Baseline.SCHEMA_VERSION,
                folder.suite(),
                List.of(new Baseline.Session(first.startedAt(), first.gitRevision(), first.ringsideVersion())),
                joined(valid.stream()
                        .map(run -> FolderDifferences.lasting(run.provenance().host()))
                        .toList()),
                joined(valid.stream().map(run -> run.provenance().jvm()).toList()),
                first.jvmFlags().stream()
                        .map(flag -> FolderDifferences.anywhere(flag, folder))
                        .toList(),
                common,
                kinds(valid),
                cells(folder, valid, common));
    }

    /** Facts of all runs; runs of several hosts have several values of one fact. */
    private static Map<String, String> joined(List<Map<String, String>> all) {
        Map<String, TreeSet<String>> values = new TreeMap<>();
        all.forEach(facts -> facts.forEach((name, value) ->
                values.computeIfAbsent(name, _ -> new TreeSet<>()).add(value)));
        Map<String, String> joined = new TreeMap<>();
        values.forEach((name, several) -> joined.put(name, String.join(" | ", several)));
        return joined;
    }

    private static Map<String, String> commonOptions(RunFolder folder, List<RunResult> valid) {
        Map<String, String> common = FolderDifferences.anywhere(valid.getFirst().options(), folder);
        for (RunResult run : valid) {
            Map<String, String> own = FolderDifferences.anywhere(run.options(), folder);
            common.entrySet().removeIf(option -> !Objects.equals(option.getValue(), own.get(option.getKey())));
        }
        return common;
    }

    private static Map<String, Baseline.Kind> kinds(List<RunResult> valid) {
        Map<String, Baseline.Kind> kinds = new TreeMap<>();
        valid.forEach(run -> run.metrics().forEach((name, metric) -> {
            if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
                kinds.put(name, new Baseline.Kind(metric.unit(), metric.better()));
            }
        }));
        return kinds;
    }

    private static List<Baseline.Cell> cells(RunFolder folder, List<RunResult> valid, Map<String, String> common) {
        Map<String, List<RunResult>> cells =
                valid.stream().collect(Collectors.groupingBy(RunResult::cell, LinkedHashMap::new, Collectors.toList()));
        List<Baseline.Cell> all = new ArrayList<>();
        cells.forEach((id, runs) -> {
            Map<String, String> own = FolderDifferences.anywhere(runs.getFirst().options(), folder);
            own.keySet().removeAll(common.keySet());
            all.add(new Baseline.Cell(id, new TreeMap<>(runs.getFirst().axes()), own, values(runs)));
        });
        return List.copyOf(all);
    }

    private static Map<String, List<List<Double>>> values(List<RunResult> runs) {
        Map<String, List<List<Double>>> values = new TreeMap<>();
        for (String name : kinds(runs).keySet()) {
            values.put(
                    name,
                    List.of(runs.stream()
                            .map(run -> run.metrics().get(name))
                            .filter(Objects::nonNull)
                            .map(Metric::value)
                            .filter(Double::isFinite)
                            .map(value -> new BigDecimal(value, DIGITS).doubleValue())
                            .toList()));
        }
        return values;
    }
}
