package ringside.harness.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Results and plans for tests. */
public final class Results {
    private Results() {}

    public static Plan plan(int cells, int repeats) {
        List<PlannedRun> runs = new ArrayList<>();
        for (int repetition = 0; repetition < repeats; repetition++) {
            for (int cell = 0; cell < cells; cell++) {
                runs.add(new PlannedRun(
                        runs.size(), "cell" + cell, repetition, 100 + repetition, Map.of("disks", "" + (cell + 1))));
            }
        }
        return new Plan(
                RunResult.SCHEMA_VERSION,
                "test",
                "A test",
                42,
                repeats,
                "abc",
                List.of("run", "test"),
                Map.of("bs", "4k"),
                RunFolder.DEFAULT_COMPARED,
                runs);
    }

    public static RunResult result(PlannedRun run, RunStatus status, Map<String, Metric> metrics) {
        return result(run, status, Map.of("bs", "4k"), metrics);
    }

    /** A result with these options. */
    public static RunResult result(
            PlannedRun run, RunStatus status, Map<String, String> options, Map<String, Metric> metrics) {
        return new RunResult(
                RunResult.SCHEMA_VERSION,
                "test",
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                status,
                status == RunStatus.OK ? "" : "because",
                run.axes(),
                options,
                metrics,
                Map.of("lat", new HistogramData("ns", 3, 1, 9, 4.5, 1.25, Map.of("50.0", 4L), "")),
                List.of(new Series("iops", "1/s", 100_000_000L, List.of(1.5, 2.0))),
                Map.of("vcpu0", 123L),
                List.of(new SanityCheck("errors", true, "0 errors")),
                List.of(),
                Steadiness.UNKNOWN,
                List.of(),
                "ringside run test",
                new Provenance(Map.of("kernel", "6"), Map.of(), "unknown", "0", List.of("-Xmx1g"), "2026-01-01"));
    }

    public static RunResult ok(PlannedRun run, double iops) {
        return result(run, RunStatus.OK, Map.of("iops", new Metric(iops, "1/s", Metric.Better.HIGHER)));
    }

    /** The same result with another judgement of its rate. */
    public static RunResult steadiness(RunResult run, Steadiness.Shape shape) {
        return with(run, new Steadiness(shape, 0.3, 0.2, 0, "two levels"), run.provenance());
    }

    /** The same result, made at another time on another host. */
    public static RunResult startedAt(RunResult run, String startedAt, Map<String, String> host) {
        Provenance old = run.provenance();
        return with(
                run,
                run.steadiness(),
                new Provenance(host, old.jvm(), old.gitRevision(), old.ringsideVersion(), old.jvmFlags(), startedAt));
    }

    /** The same result, made at another time with another revision on a host with another kernel. */
    public static RunResult at(RunResult run, String startedAt, String revision, String kernel) {
        Provenance old = run.provenance();
        return with(
                run,
                run.steadiness(),
                new Provenance(
                        Map.of("kernel", kernel),
                        old.jvm(),
                        revision,
                        old.ringsideVersion(),
                        old.jvmFlags(),
                        startedAt));
    }

    /** The same result with one series. */
    public static RunResult series(RunResult run, Series series) {
        return with(run, run.cell(), List.of(series), run.steadiness(), run.provenance());
    }

    /** The same result of another cell. */
    public static RunResult cell(RunResult run, String cell) {
        return with(run, cell, run.series(), run.steadiness(), run.provenance());
    }

    private static RunResult with(RunResult run, Steadiness steadiness, Provenance provenance) {
        return with(run, run.cell(), run.series(), steadiness, provenance);
    }

    private static RunResult with(
            RunResult run, String cell, List<Series> series, Steadiness steadiness, Provenance provenance) {
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                cell,
                run.repetition(),
                run.order(),
                run.seed(),
                run.status(),
                run.reason(),
                run.axes(),
                run.options(),
                run.metrics(),
                run.histograms(),
                series,
                run.threadCpuNs(),
                run.checks(),
                run.jobs(),
                steadiness,
                run.events(),
                run.command(),
                provenance);
    }

    /** The same result, made under another kernel. */
    public static RunResult onKernel(RunResult run, String kernel) {
        Provenance from = run.provenance();
        Provenance other = new Provenance(
                Map.of("kernel", kernel),
                from.jvm(),
                from.gitRevision(),
                from.ringsideVersion(),
                from.jvmFlags(),
                from.startedAt());
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                run.status(),
                run.reason(),
                run.axes(),
                run.options(),
                run.metrics(),
                run.histograms(),
                run.series(),
                run.threadCpuNs(),
                run.checks(),
                run.jobs(),
                run.steadiness(),
                run.events(),
                run.command(),
                other);
    }
}
