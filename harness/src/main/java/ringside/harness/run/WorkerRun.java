package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineSnapshot;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.trace.LogHistogram;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;
import ringside.workloads.latency.LatencySet;
import ringside.workloads.runner.CompletionMode;
import ringside.workloads.runner.DirectionOutcome;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.Phase;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunOptions;
import ringside.workloads.runner.RunPlan;
import ringside.workloads.runner.RunProgress;
import ringside.workloads.target.virtio.VirtioBlkTargets;

/** The measured part: builds the machine, applies the load, reads counters where the measured phase begins and ends. */
final class WorkerRun {
    private WorkerRun() {}

    /**
     * What one run measured.
     *
     * @param jobs the load
     * @param machine the machine
     * @param outcome what the load generator saw
     * @param counted what the machine counted in the measured phase
     * @param cpu CPU time in the measured phase
     * @param histograms all distributions by name
     * @param loops names of the loops' threads
     * @param idleIoThreads IOThreads that serve no queue
     * @param nodes effective options of each disk's storage
     */
    record Measured(
            JobSource.Jobs jobs,
            MachineSpec machine,
            JobOutcome outcome,
            MachineSnapshot counted,
            CpuMeter cpu,
            Map<String, Histogram> histograms,
            Set<String> loops,
            List<String> idleIoThreads,
            List<String> nodes) {}

    /**
     * Runs once. Errors of machine and load come as unchecked exceptions with one-line messages.
     *
     * @param failing told of an error of the load before the machine is closed, because closing may hang on it
     */
    static Measured run(RunSpec spec, Consumer<RunProgress> progress, Consumer<RuntimeException> failing) {
        JobSource.Jobs jobs = JobSource.of(spec.options(), spec.jobFile(), spec.strict());
        MachineSpec machineSpec = MachineFactory.spec(spec.options(), jobs, spec.images(), spec.allowWrites());
        Probe probe;
        JobOutcome outcome;
        Map<String, LogHistogram> stages;
        try (Machine machine = Machine.build(machineSpec)) {
            machine.start();
            try (VirtioBlkTargets targets =
                    VirtioBlkTargets.of(machine, Units.nanoseconds(option(spec, Option.HALT_POLL_NS)))) {
                probe = new Probe(machine, targets, progress);
                outcome = load(plan(spec, jobs), targets, probe, failing);
                stages = targets.stages();
            }
            MachineSnapshot counted = probe.endCounters.since(probe.startCounters);
            return new Measured(
                    jobs,
                    machineSpec,
                    outcome,
                    counted,
                    probe.endCpu.since(probe.startCpu).withLoad(outcome.threads()),
                    histograms(outcome, counted, stages),
                    machine.loopThreads().keySet(),
                    machine.idleIoThreads(),
                    machine.disks().stream()
                            .map(disk -> disk.node().description())
                            .toList());
        }
    }

    private static JobOutcome load(
            RunPlan plan, VirtioBlkTargets targets, Probe probe, Consumer<RuntimeException> failing) {
        try {
            return new JobRunner().run(plan, targets, probe);
        } catch (RuntimeException e) {
            failing.accept(e);
            throw e;
        }
    }

    private static RunPlan plan(RunSpec spec, JobSource.Jobs jobs) {
        String vcpus = option(spec, Option.VCPUS);
        return new RunPlan(
                jobs.jobs(),
                vcpus.equals("auto") ? 0 : Integer.parseInt(vcpus),
                CompletionMode.of(option(spec, Option.COMPLETION)),
                spec.run().seed(),
                RunOptions.DEFAULT);
    }

    private static String option(RunSpec spec, Option option) {
        return spec.options().get(option.label());
    }

    private static Map<String, Histogram> histograms(
            JobOutcome outcome, MachineSnapshot counted, Map<String, LogHistogram> stages) {
        Map<String, Histogram> all = new LinkedHashMap<>();
        LatencySet merged = outcome.latency();
        all.put("slat", merged.slat());
        all.put("clat", merged.clat());
        all.put("lat", merged.lat());
        for (DirectionOutcome direction : outcome.directions()) {
            String name = direction.op().name().toLowerCase(Locale.ROOT);
            all.put("lat." + name, direction.latency().lat());
        }
        all.put("lock_wait", Histograms.convert(counted.lockWaitNs()));
        all.put("lock_hold", Histograms.convert(counted.lockHoldNs()));
        new TreeMap<>(stages).forEach((name, histogram) -> all.put("stage." + name, Histograms.convert(histogram)));
        return all;
    }

    /** Reads counters and CPU time just inside the measured phase, on the coordinating thread. */
    private static final class Probe implements RunListener {
        private final Machine machine;
        private final VirtioBlkTargets targets;
        private final Consumer<RunProgress> progress;
        private MachineSnapshot startCounters;
        private MachineSnapshot endCounters;
        private CpuMeter startCpu;
        private CpuMeter endCpu;

        Probe(Machine machine, VirtioBlkTargets targets, Consumer<RunProgress> progress) {
            this.machine = machine;
            this.targets = targets;
            this.progress = progress;
        }

        @Override
        public void phaseStarted(Phase phase) {
            if (phase == Phase.MEASURE) {
                targets.beginStages();
                startCounters = machine.snapshot();
                startCpu = CpuMeter.now();
            }
        }

        @Override
        public void phaseEnded(Phase phase) {
            if (phase == Phase.MEASURE) {
                endCpu = CpuMeter.now();
                endCounters = machine.snapshot();
                targets.endStages();
            }
        }

        @Override
        public void progress(RunProgress now) {
            progress.accept(now);
        }
    }
}
