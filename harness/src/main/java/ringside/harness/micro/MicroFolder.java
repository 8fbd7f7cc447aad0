package ringside.harness.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import ringside.harness.HarnessException;
import ringside.harness.observe.BuildFacts;
import ringside.harness.observe.HostFacts;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Metric;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Provenance;
import ringside.harness.results.ResultStore;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Series;
import ringside.harness.results.Steadiness;
import ringside.harness.stats.SteadyState;

/**
 * A results folder of JMH benchmarks: a cell per benchmark and set of parameters, a repetition per fork, and JMH's own JSON
 * beside them.
 */
public final class MicroFolder {
    /** Name of the suite of such a folder. */
    public static final String SUITE = "micro";

    private static final String UNKNOWN = "unknown";
    private static final String JMH_JSON = "jmh.json";

    private final List<JmhBenchmark> benchmarks;
    private final Map<String, String> host;
    private final BuildFacts build;
    private final String startedAt;
    private final List<String> commandLine;

    private MicroFolder(
            List<JmhBenchmark> benchmarks,
            Map<String, String> host,
            BuildFacts build,
            String startedAt,
            List<String> commandLine) {
        this.benchmarks = benchmarks;
        this.host = host;
        this.build = build;
        this.startedAt = startedAt;
        this.commandLine = commandLine;
    }

    /**
     * Writes one.
     *
     * @param json JMH's result
     * @param to a new or empty folder
     * @param host facts from before the run
     * @param startedAt begin of the run, ISO-8601 with offset
     * @param commandLine that made it
     * @return the folder as a reader sees it
     * @throws HarnessException when the file is no result of JMH, or the folder holds something
     */
    public static RunFolder write(
            Path json, Path to, Map<String, String> host, String startedAt, List<String> commandLine) {
        return write(json, to, new MicroFolder(JmhJson.read(json), host, BuildFacts.collect(), startedAt, commandLine));
    }

    /**
     * Takes a result of JMH that was made somewhere: JMH records neither the host nor what it measured, so neither is told.
     *
     * @throws HarnessException likewise
     */
    public static RunFolder imported(Path json, Path to, List<String> commandLine) {
        return write(
                json,
                to,
                new MicroFolder(
                        JmhJson.read(json),
                        Map.of("imported", "from JMH, which records no host"),
                        new BuildFacts(UNKNOWN, UNKNOWN),
                        modified(json),
                        commandLine));
    }

    private static String modified(Path json) {
        try {
            return Files.getLastModifiedTime(json)
                    .toInstant()
                    .atOffset(ZoneOffset.UTC)
                    .toString();
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + json + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static RunFolder write(Path json, Path to, MicroFolder folder) {
        folder.refuseDoubles(json);
        folder.write(json, to);
        return ResultStore.load(to);
    }

    /** Facts about this host now. */
    public static Map<String, String> host() {
        return HostFacts.collect();
    }

    private void refuseDoubles(Path json) {
        Set<String> cells = new LinkedHashSet<>();
        for (JmhBenchmark benchmark : benchmarks) {
            if (!cells.add(benchmark.cell())) {
                throw HarnessException.badInput(json + " holds " + benchmark.cell()
                        + " twice: run it once, with a pattern that names its package");
            }
        }
    }

    private void write(Path json, Path to) {
        List<PlannedRun> runs = new ArrayList<>();
        for (JmhBenchmark benchmark : benchmarks) {
            for (int fork = 0; fork < benchmark.forks().size(); fork++) {
                runs.add(new PlannedRun(runs.size(), benchmark.cell(), fork, 0, benchmark.axes()));
            }
        }
        try (ResultStore store = ResultStore.create(to, yaml(), plan(runs))) {
            AtomicFiles.write(to.resolve(JMH_JSON), AtomicFiles.text(json));
            int at = 0;
            for (JmhBenchmark benchmark : benchmarks) {
                for (JmhBenchmark.Fork fork : benchmark.forks()) {
                    PlannedRun run = runs.get(at++);
                    store.add(run, result(run, benchmark, fork));
                }
            }
        }
    }

    /** Not a suite that could be run: a reader of the folder sees what made it. */
    private String yaml() {
        return "# JMH benchmarks, made by: ringside "
                + String.join(" ", commandLine).replace('\n', ' ') + "\nname: " + SUITE + "\ntitle: JMH benchmarks\n";
    }

    private Plan plan(List<PlannedRun> runs) {
        int forks = benchmarks.stream()
                .mapToInt(benchmark -> benchmark.forks().size())
                .max()
                .orElse(0);
        return new Plan(
                RunResult.SCHEMA_VERSION,
                SUITE,
                "JMH benchmarks",
                0,
                forks,
                "",
                commandLine,
                Map.of(),
                RunFolder.DEFAULT_COMPARED,
                runs);
    }

    private RunResult result(PlannedRun run, JmhBenchmark benchmark, JmhBenchmark.Fork fork) {
        Metric score = fork.metrics().get(JmhBenchmark.SCORE);
        Map<String, String> options = new TreeMap<>(benchmark.options());
        options.putAll(benchmark.axes());
        return new RunResult(
                RunResult.SCHEMA_VERSION,
                SUITE,
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                score == null ? RunStatus.FAILED : RunStatus.OK,
                score == null ? "JMH reports no score" : "",
                run.axes(),
                options,
                fork.metrics(),
                Map.of(),
                series(benchmark, fork),
                Map.of(),
                List.of(),
                List.of(),
                steadiness(benchmark, fork),
                List.of(),
                "scripts/bench " + benchmark.name(),
                new Provenance(
                        host,
                        benchmark.jvm(),
                        build.gitRevision(),
                        build.version(),
                        benchmark.jvmArguments(),
                        startedAt));
    }

    private static List<Series> series(JmhBenchmark benchmark, JmhBenchmark.Fork fork) {
        return Optional.ofNullable(fork.metrics().get(JmhBenchmark.SCORE))
                .map(score ->
                        List.of(new Series(JmhBenchmark.SCORE, score.unit(), benchmark.iterationNs(), fork.score())))
                .orElse(List.of());
    }

    /** Judged as a rate, whatever the mode: of a time per operation its inverse. */
    private static Steadiness steadiness(JmhBenchmark benchmark, JmhBenchmark.Fork fork) {
        Metric score = fork.metrics().get(JmhBenchmark.SCORE);
        if (score == null || fork.score().stream().anyMatch(value -> !(value > 0) || value.isInfinite())) {
            return Steadiness.UNKNOWN;
        }
        boolean isRate = score.better() == Metric.Better.HIGHER;
        return SteadyState.of(new Series(
                "rate",
                "1/s",
                benchmark.iterationNs(),
                fork.score().stream().map(value -> isRate ? value : 1 / value).toList()));
    }
}
