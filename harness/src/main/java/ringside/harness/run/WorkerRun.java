package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import ringside.harness.observe.ObserveMode;
import ringside.harness.observe.Observer;
import ringside.harness.results.Metric;
import ringside.harness.suite.Option;
import ringside.workloads.latency.LatencySet;
import ringside.workloads.runner.CompletionMode;
import ringside.workloads.runner.DirectionOutcome;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.OpenLoopOutcome;
import ringside.workloads.runner.Phase;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunOptions;
import ringside.workloads.runner.RunPlan;
import ringside.workloads.runner.RunProgress;

/** The measured part: opens the target, applies the load, reads counters where the measured phase begins and ends. */
final class WorkerRun {
    private WorkerRun() {}

    /**
     * Runs once. Errors of target and load come as unchecked exceptions with one-line messages.
     *
     * @param live told in a few words what goes on beside the load
     * @param failing told of an error of the load before the target is closed, because closing may hang on it
     */
    static Measured run(
            RunSpec spec, Consumer<RunProgress> progress, Consumer<String> live, Consumer<RuntimeException> failing) {
        JobSource.Jobs jobs = JobSource.of(spec.options(), spec.jobFile(), spec.strict());
        boolean fio = spec.option(Option.TARGET).equals("fio");
        try (Observer observer = Observer.start(ObserveMode.of(spec.option(Option.OBSERVE)), fio, live)) {
            Measured measured =
                    fio ? FioRun.run(spec, jobs, observer) : ownLoad(spec, jobs, progress, observer, failing);
            return measured.with(observer.result()).withJobs(JobLogFiles.list(measured.jobs(), jobs.jobs(), spec));
        }
    }

    private static Measured ownLoad(
            RunSpec spec,
            JobSource.Jobs jobs,
            Consumer<RunProgress> progress,
            Observer observer,
            Consumer<RuntimeException> failing) {
        try (RunTarget target = open(spec, jobs)) {
            ClientPlacement placement =
                    new ClientPlacement(spec, jobs, target.targets().disks());
            Probe probe = new Probe(target, placement, progress, observer);
            JobOutcome outcome = load(plan(spec, jobs), target, probe, failing);
            CpuMeter cpu = probe.endCpu.since(probe.startCpu).withLoad(outcome.threads());
            TargetFacts facts = target.finish(outcome, cpu);
            Map<String, Histogram> histograms = histograms(outcome);
            histograms.putAll(facts.histograms());
            Map<String, Long> threads = new TreeMap<>(cpu.threadNs());
            threads.putAll(facts.threadNs());
            Map<String, String> options = new LinkedHashMap<>(facts.options());
            options.put(Option.VCPUS.label(), Integer.toString(outcome.threads().size()));
            Map<String, Metric> metrics = RunMetrics.of(outcome, cpu, probe.endGc.since(probe.startGc), facts);
            probe.host().ifPresent(host -> RunMetrics.host(metrics, host, cpu, facts));
            return new Measured(
                    ResultBuilder.effectiveOptions(spec, jobs, options, facts.absent()),
                    metrics,
                    histograms,
                    RunMetrics.series(outcome),
                    threads,
                    SanityChecks.of(spec::option, jobs, outcome, facts.checks()),
                    missed(outcome),
                    JobResults.of(outcome, jobs.jobs()),
                    List.of());
        }
    }

    private static String missed(JobOutcome outcome) {
        String latency = outcome.target()
                .filter(target -> target.missed() > 0)
                .map(target -> "latency target missed by " + target.missed()
                        + " clones at their last depth: allow a larger latency_target or a smaller latency_percentile, or"
                        + " give the search more runtime")
                .orElse("");
        return outcome.openLoop()
                .filter(OpenLoopOutcome::missed)
                .map(WorkerRun::missed)
                .orElse(latency);
    }

    private static String missed(OpenLoopOutcome loop) {
        return "rate missed: " + loop.skipped() + " of " + loop.due()
                + " requests that were due had not begun when the measured phase ended: ask for a lower rate, or allow"
                + " a larger iodepth";
    }

    private static RunTarget open(RunSpec spec, JobSource.Jobs jobs) {
        return spec.option(Option.TARGET).equals("vhost-user")
                ? ServerTarget.open(spec, jobs)
                : MachineTarget.open(spec, jobs);
    }

    private static JobOutcome load(RunPlan plan, RunTarget target, Probe probe, Consumer<RuntimeException> failing) {
        try {
            return new JobRunner().run(plan, target.targets(), probe);
        } catch (RuntimeException e) {
            failing.accept(e);
            throw e;
        }
    }

    private static RunPlan plan(RunSpec spec, JobSource.Jobs jobs) {
        String vcpus = spec.option(Option.VCPUS);
        return new RunPlan(
                // Results say the options as they were given: runs of one cell have the same.
                jobs.loggedIn(spec.logFolder(), spec.logBeginning()).jobs(),
                vcpus.equals("auto") ? 0 : Integer.parseInt(vcpus),
                CompletionMode.of(spec.option(Option.COMPLETION)),
                spec.run().seed(),
                RunOptions.DEFAULT);
    }

    private static Map<String, Histogram> histograms(JobOutcome outcome) {
        Map<String, Histogram> all = new LinkedHashMap<>();
        LatencySet merged = outcome.latency();
        all.put("slat", merged.slat());
        all.put("clat", merged.clat());
        all.put("lat", merged.lat());
        outcome.openLoop().ifPresent(loop -> all.put("lat_intended", loop.latency()));
        outcome.syncs().ifPresent(syncs -> all.put("sync_lat", syncs.latency()));
        for (DirectionOutcome direction : outcome.directions()) {
            String name = direction.op().name().toLowerCase(Locale.ROOT);
            all.put("lat." + name, direction.latency().lat());
        }
        return all;
    }

    /** Reads counters and CPU time just inside the measured phase, on the coordinating thread. */
    private static final class Probe implements RunListener {
        private final RunTarget target;
        private final ClientPlacement placement;
        private final Consumer<RunProgress> progress;
        private final Observer observer;
        private CpuMeter startCpu;
        private CpuMeter endCpu;
        private Optional<HostCpu> startHost = Optional.empty();
        private Optional<HostCpu> endHost = Optional.empty();
        private GcMeter startGc;
        private GcMeter endGc;

        Probe(RunTarget target, ClientPlacement placement, Consumer<RunProgress> progress, Observer observer) {
            this.target = target;
            this.placement = placement;
            this.progress = progress;
            this.observer = observer;
        }

        @Override
        public void phaseStarted(Phase phase) {
            placement.apply();
            if (phase == Phase.MEASURE) {
                observer.begin();
                target.measureStarted();
                startGc = GcMeter.now();
                startHost = HostCpu.now();
                startCpu = CpuMeter.now();
            }
        }

        @Override
        public void phaseEnded(Phase phase) {
            if (phase == Phase.MEASURE) {
                endCpu = CpuMeter.now();
                endHost = HostCpu.now();
                endGc = GcMeter.now();
                target.measureEnded();
                observer.end();
            }
        }

        /** What the host did in the measured phase; empty where it does not tell. */
        Optional<HostCpu> host() {
            return startHost.flatMap(start -> endHost.map(end -> end.since(start)));
        }

        @Override
        public void progress(RunProgress now) {
            progress.accept(now);
        }
    }
}
