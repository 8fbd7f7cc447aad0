package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ringside.harness.observe.HostFacts;
import ringside.harness.observe.JvmFacts;
import ringside.harness.results.HistogramData;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Steadiness;
import ringside.harness.stats.SteadyState;
import ringside.harness.suite.Option;
import ringside.workloads.job.FlowText;
import ringside.workloads.job.JobPacing;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobWarning;
import ringside.workloads.job.ShapeText;

/** Puts results together. */
final class ResultBuilder {
    /** Name of the option that keeps the engine asked for, where another one served. */
    static final String AIO_REQUESTED = "aio-requested";

    /** The engine in the description of a raw node; a file's name stands before it and may hold anything. */
    private static final Pattern NODE_AIO =
            Pattern.compile(",aio=([a-z_]+)(?:,sqpoll=on)?(?:,iopoll=on)?,read-only=(?:on|off),discard=[a-z]+$");

    private ResultBuilder() {}

    /** Facts of this JVM and host now; call before the load starts. */
    static Provenance provenance(RunSpec spec, String startedAt) {
        return new Provenance(
                HostFacts.collect(),
                JvmFacts.collect(),
                spec.gitRevision(),
                spec.ringsideVersion(),
                JvmFacts.flags(),
                startedAt);
    }

    /** A completed run. */
    static RunResult completed(RunSpec spec, Measured run, Provenance provenance) {
        String failed = run.checks().stream()
                .filter(check -> !check.passed())
                .map(check -> check.name() + ": " + check.detail())
                .collect(Collectors.joining("; "));
        Map<String, HistogramData> histograms = new LinkedHashMap<>();
        run.histograms().forEach((name, histogram) -> histograms.put(name, Histograms.data(histogram)));
        return new RunResult(
                RunResult.SCHEMA_VERSION,
                spec.suite(),
                spec.run().cell(),
                spec.run().repetition(),
                spec.run().order(),
                spec.run().seed(),
                status(failed, run.missed()),
                failed.isEmpty() ? run.missed() : failed,
                spec.run().axes(),
                run.options(),
                run.metrics(),
                histograms,
                run.series(),
                run.threadCpuNs(),
                run.checks(),
                run.jobs(),
                SteadyState.of(run.series(), run.metrics()),
                run.events(),
                spec.command(),
                provenance);
    }

    private static RunStatus status(String failed, String missed) {
        if (!failed.isEmpty()) {
            return RunStatus.INVALID;
        }
        return missed.isEmpty() ? RunStatus.OK : RunStatus.TARGET_MISSED;
    }

    /** A run that did not complete. */
    static RunResult failed(RunSpec spec, String reason, Provenance provenance) {
        return new RunResult(
                RunResult.SCHEMA_VERSION,
                spec.suite(),
                spec.run().cell(),
                spec.run().repetition(),
                spec.run().order(),
                spec.run().seed(),
                RunStatus.FAILED,
                reason,
                spec.run().axes(),
                spec.options(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                Steadiness.UNKNOWN,
                List.of(),
                spec.command(),
                provenance);
    }

    /**
     * What was asked for, and what became of it where the target decides.
     *
     * @param decided by the target
     * @param absent options that have no meaning for the target
     */
    static Map<String, String> effectiveOptions(
            RunSpec spec, JobSource.Jobs all, Map<String, String> decided, Set<String> absent) {
        Map<String, String> options = new LinkedHashMap<>(spec.options());
        options.keySet().removeAll(absent);
        options.putAll(decided);
        List<JobSpec> jobs = all.jobs();
        if (jobs.size() == 1) {
            jobOptions(options, "", jobs.getFirst());
        } else {
            jobs.forEach(job -> jobOptions(options, "job." + job.name() + ".", job));
        }
        String warnings = all.warnings().stream().map(JobWarning::text).collect(Collectors.joining("; "));
        if (!warnings.isEmpty()) {
            options.put("job-warnings", warnings);
        }
        return options;
    }

    /** The engine in use is the result's {@code aio}; the one asked for stands beside it where it was another. */
    static void effectiveAio(Map<String, String> options, List<String> nodes) {
        String requested = options.get(Option.AIO.label());
        for (String node : nodes) {
            Matcher engine = NODE_AIO.matcher(node);
            if (engine.find() && !engine.group(1).equals(requested)) {
                options.put(Option.AIO.label(), engine.group(1));
                options.put(AIO_REQUESTED, requested);
            }
        }
    }

    /** A job's options as they took effect, in fio's words. */
    static Map<String, String> jobOptions(JobSpec job) {
        Map<String, String> options = new LinkedHashMap<>();
        jobOptions(options, "", job);
        return options;
    }

    private static void jobOptions(Map<String, String> options, String prefix, JobSpec job) {
        ShapeText.of(job).forEach((name, value) -> options.put(prefix + name, value));
        options.put(prefix + "bs", job.bs().toString());
        options.put(prefix + "iodepth", Integer.toString(job.iodepth()));
        options.put(prefix + "numjobs", Integer.toString(job.numjobs()));
        options.put(prefix + "offset", job.region().offset().toString());
        options.put(
                prefix + "size",
                job.region().size().isUnset() ? "100%" : job.region().size().toString());
        options.put(prefix + "runtime", job.timing().runtimeNs() + "ns");
        options.put(prefix + "ramp_time", job.timing().rampTimeNs() + "ns");
        options.put(prefix + "time_based", job.timing().timeBased() ? "1" : "0");
        options.put(prefix + "rwmixread", Integer.toString(job.access().rwmixread()));
        options.put(prefix + "randseed", Long.toString(job.randseed()));
        FlowText.of(job).forEach((name, value) -> options.put(prefix + name, value));
        pacing(options, prefix, job.pacing());
        job.recorded().forEach((name, value) -> options.put(prefix + name, value));
    }

    private static void pacing(Map<String, String> options, String prefix, JobPacing pacing) {
        if (pacing.paced()) {
            boolean iops = pacing.bytes().isNone();
            options.put(prefix + (iops ? "rate_iops" : "rate"), (iops ? pacing.iops() : pacing.bytes()).toString());
            options.put(prefix + "rate_process", pacing.process().label());
            options.put(prefix + "open_loop", pacing.openLoop() ? "1" : "0");
        }
    }
}
