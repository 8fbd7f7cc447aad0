package ringside.harness.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Provenance;
import ringside.harness.results.ResultJson;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunResult;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cells;

/** Puts folders that hold shares of one suite together, as if one machine had run it. */
public final class MergedFolder {
    /** What makes figures of two machines comparable at all. */
    private static final List<String> HOST = List.of("architecture", "cpu", "cores", "kernel", "hypervisor");

    private final List<Path> sources;
    private final List<Plan> plans = new ArrayList<>();
    private final Map<PlannedRun, Path> owners = new TreeMap<>(Comparator.comparingInt(PlannedRun::order));

    private final Map<Integer, PlannedRun> planned = new HashMap<>();

    private MergedFolder(List<Path> sources) {
        this.sources = sources;
    }

    /**
     * What was put together.
     *
     * @param runs finished runs
     * @param planned runs of the plan
     * @param differences what differs between the machines, by name; empty where nothing does
     */
    public record Merged(int runs, int planned, Map<String, Set<String>> differences) {}

    /**
     * Makes a new folder; the others stay as they are.
     *
     * @param mixed whether folders of different machines or versions may be put together
     * @throws HarnessException in one line, when the folders are not of one suite, hold different results for one run, or were
     *     made by machines or versions whose figures cannot be compared
     */
    public static Merged make(Path target, List<Path> sources, boolean mixed) {
        return new MergedFolder(sources).make(target, mixed);
    }

    private Merged make(Path target, boolean mixed) {
        Map<String, Set<String>> differences = new LinkedHashMap<>();
        for (Path source : sources) {
            plans.add(ResultStore.plan(source));
            requireSameSuite(source, plans.getLast());
            take(source, plans.getLast(), differences);
        }
        differences.values().removeIf(values -> values.size() == 1);
        if (!differences.isEmpty() && !mixed) {
            String name = differences.keySet().iterator().next();
            throw HarnessException.badInput("the folders were not made by equal machines and versions: " + name + " is "
                    + String.join(" and ", differences.get(name))
                    + "; figures of different points would not be comparable: give --mixed if that is what you want");
        }
        Plan plan = plan();
        write(target, plan);
        return new Merged(owners.size(), plan.runs().size(), differences);
    }

    private void requireSameSuite(Path source, Plan plan) {
        Plan first = plans.getFirst();
        if (!plan.suiteSha256().equals(first.suiteSha256())) {
            throw HarnessException.badInput(source + " and " + sources.getFirst()
                    + " are not of the same suite, job, images and options: only shares of one suite can be merged");
        }
    }

    private void take(Path source, Plan plan, Map<String, Set<String>> differences) {
        for (PlannedRun run : plan.runs()) {
            if (!planned.computeIfAbsent(run.order(), _ -> run).equals(run)) {
                throw HarnessException.badInput(source + " and " + sources.getFirst()
                        + " were planned on hosts that can run different cells: begin them with --shard");
            }
            Path file = ResultStore.resultFile(source, run);
            if (!Files.isRegularFile(file)) {
                continue;
            }
            Path other = owners.putIfAbsent(run, source);
            if (other == null) {
                note(
                        differences,
                        ResultJson.read(text(file), RunResult.class, file).provenance());
            } else if (!text(file).equals(text(ResultStore.resultFile(other, run)))) {
                throw HarnessException.badInput(source + " and " + other + " both have a result of " + run.cell()
                        + ", repetition " + run.repetition() + ", and they differ: merge only one of them");
            }
        }
    }

    private static void note(Map<String, Set<String>> differences, Provenance from) {
        add(differences, "Ringside", from.ringsideVersion() + " " + from.gitRevision());
        HOST.forEach(fact -> add(differences, fact, from.host().getOrDefault(fact, "unknown")));
        add(differences, "JVM", from.jvm().getOrDefault("version", "unknown"));
    }

    private static void add(Map<String, Set<String>> differences, String name, String value) {
        differences.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(value);
    }

    /** The plan of the whole suite where that can be told, so that what is missing is shown, and can be run. */
    private Plan plan() {
        Plan first = plans.getFirst();
        List<PlannedRun> union = plans.stream()
                .flatMap(plan -> plan.runs().stream())
                .distinct()
                .sorted(Comparator.comparingInt(PlannedRun::order))
                .toList();
        List<PlannedRun> runs = whole().filter(all -> all.containsAll(union)).orElse(union);
        return new Plan(
                first.schemaVersion(),
                first.suite(),
                first.title(),
                first.seed(),
                first.repeats(),
                first.suiteSha256(),
                withoutShard(first.commandLine()),
                first.settings(),
                first.compared(),
                runs);
    }

    private Optional<List<PlannedRun>> whole() {
        Path source = sources.getFirst();
        SuiteSpec suite = SuiteFile.parse(
                ResultStore.suiteYaml(source), source.resolve("suite.yaml").toString());
        return Optional.of(RunFolders.planned(suite, Cells.of(suite)));
    }

    private static List<String> withoutShard(List<String> commandLine) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < commandLine.size(); i++) {
            if (commandLine.get(i).equals("--shard") || commandLine.get(i).equals("--out")) {
                i++;
            } else if (!commandLine.get(i).startsWith("--shard=")
                    && !commandLine.get(i).startsWith("--out=")) {
                words.add(commandLine.get(i));
            }
        }
        return words;
    }

    private void write(Path target, Plan plan) {
        Path first = sources.getFirst();
        Path job = first.resolve("job.fio");
        byte[] jobText = Files.isRegularFile(job) ? bytes(job) : new byte[0];
        try (ResultStore _ = ResultStore.create(target, ResultStore.suiteYaml(first), jobText, plan)) {
            for (Map.Entry<PlannedRun, Path> owner : owners.entrySet()) {
                copyRun(owner.getKey(), owner.getValue(), target);
            }
        }
    }

    /** All files of a run; its result last, because with it the run counts as finished. */
    private static void copyRun(PlannedRun run, Path source, Path target) {
        Path result = ResultStore.resultFile(source, run);
        for (String folder : List.of("histograms", "logs")) {
            Path from = source.resolve(folder);
            if (!Files.isDirectory(from)) {
                continue;
            }
            try (var files = Files.newDirectoryStream(from, run.fileStem() + "*")) {
                for (Path file : files) {
                    copy(file, target.resolve(folder).resolve(file.getFileName()));
                }
            } catch (IOException e) {
                throw HarnessException.environment(from + ": cannot be read: " + AtomicFiles.reason(e), e);
            }
        }
        copy(result, ResultStore.resultFile(target, run));
    }

    private static void copy(Path from, Path to) {
        AtomicFiles.write(to, bytes(from));
    }

    private static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw HarnessException.environment(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }
}
