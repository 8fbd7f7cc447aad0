package ringside.harness.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import ringside.emulator.block.CacheMode;
import ringside.harness.observe.Observer;
import ringside.harness.peer.FioCommand;
import ringside.harness.peer.FioOutput;
import ringside.harness.peer.FioProcess;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.Option;
import ringside.workloads.job.JobSpec;

/** The jobs of a cell by the real fio on the host's file: the floor below which no device can get. */
final class FioRun {
    /** As in {@link SanityChecks}. */
    private static final double LITTLE_LOW = 0.5;

    private static final double LITTLE_HIGH = 1.1;

    private final RunSpec spec;
    private final JobSource.Jobs jobs;
    private final FioOutput output;

    private FioRun(RunSpec spec, JobSource.Jobs jobs, FioOutput output) {
        this.spec = spec;
        this.jobs = jobs;
        this.output = output;
    }

    static Measured run(RunSpec spec, JobSource.Jobs jobs, Observer observer) {
        CacheMode cache = CacheMode.of(spec.option(Option.CACHE));
        FioCommand command = new FioCommand(
                jobs.loggedIn(spec.logFolder(), spec.logBeginning()).jobs(),
                Path.of(spec.images().getFirst()),
                spec.option(Option.AIO),
                cache.direct(),
                jobs.modifies(),
                spec.run().seed(),
                TargetRules.allCpus(spec.options()));
        observer.begin(); // fio tells no phases, so its ramp is watched as well
        FioProcess.Result result = FioProcess.run(command, jobs.plannedNs(), Path.of(spec.serverLogFile()));
        observer.end();
        return new FioRun(spec, jobs, result.output()).measured(result.command(), command);
    }

    private Measured measured(List<String> words, FioCommand command) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("server-command", String.join(" ", words));
        options.put("server-version", output.version());
        options.put("ioengine", command.engine());
        options.put(Option.CLIENT_CPUS.label(), command.cpus());
        options.put(Option.SERVER_CPUS.label(), command.cpus());
        return new Measured(
                ResultBuilder.effectiveOptions(spec, jobs, options, TargetRules.absent(spec.options())),
                metrics(),
                histograms(),
                List.of(),
                Map.of("fio", (long) output.cpuNs()),
                checks(),
                "",
                JobResults.of(output, jobs.jobs()),
                List.of());
    }

    private Map<String, Metric> metrics() {
        double seconds = output.runtimeNs() / 1e9;
        double cpuSeconds = output.cpuNs() / 1e9;
        long ios = output.ios();
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("iops", new Metric(seconds == 0 ? 0 : ios / seconds, "1/s", Better.HIGHER));
        metrics.put("bandwidth", new Metric(seconds == 0 ? 0 : output.bytes() / seconds, "bytes/s", Better.HIGHER));
        metrics.put("ios", new Metric(ios, "1", Better.NEITHER));
        metrics.put("bytes", new Metric(output.bytes(), "bytes", Better.NEITHER));
        metrics.put("errors", new Metric(output.errors(), "1", Better.LOWER));
        metrics.put("runtime", new Metric(output.runtimeNs(), "ns", Better.NEITHER));
        metrics.put("cpu_seconds", new Metric(cpuSeconds, "s", Better.LOWER));
        metrics.put("iops_per_cpu_second", new Metric(cpuSeconds == 0 ? 0 : ios / cpuSeconds, "1/s", Better.HIGHER));
        metrics.put("client_cpu_per_io", new Metric(ios == 0 ? 0 : output.cpuNs() / ios, "ns", Better.LOWER));
        RunMetrics.latency(metrics, "lat", output.latency("lat"));
        return metrics;
    }

    private Map<String, Histogram> histograms() {
        Map<String, Histogram> all = new LinkedHashMap<>();
        for (String kind : List.of("slat", "clat", "lat")) {
            all.put(kind, output.latency(kind));
        }
        output.directions()
                .forEach(part -> all.put("lat." + part.name(), part.latency().get("lat")));
        return all;
    }

    private List<SanityCheck> checks() {
        List<SanityCheck> checks = new ArrayList<>();
        checks.add(new SanityCheck("errors", output.errors() == 0, output.errors() + " failed requests"));
        checks.add(new SanityCheck("ios", output.ios() > 0, output.ios() + " requests in the measured phase"));
        checks.add(littlesLaw());
        return checks;
    }

    /** The tolerance is wider than for our own load: fio counts a few requests of the ramp. */
    private SanityCheck littlesLaw() {
        double depth = jobs.jobs().stream().mapToDouble(FioRun::depth).sum();
        Histogram latency = output.latency("lat");
        double inFlight = latency.getTotalCount() * latency.getMean() / Math.max(1, output.runtimeNs());
        double longest = 1 + latency.getMaxValue() / (double) Math.max(1, output.runtimeNs());
        double share = inFlight / depth;
        return new SanityCheck(
                "littles_law",
                share >= LITTLE_LOW && share <= LITTLE_HIGH * longest,
                String.format(
                        Locale.ROOT,
                        "IOPS x mean latency = %.1f requests in flight, %.1f configured",
                        inFlight,
                        depth));
    }

    private static double depth(JobSpec job) {
        return (double) job.iodepth() * job.numjobs();
    }
}
