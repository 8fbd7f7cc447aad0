package ringside.harness.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineSnapshot;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.trace.CounterId;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.target.TargetSet;
import ringside.workloads.target.virtio.VirtioBlkTargets;

/** The emulated machine in this process. */
final class MachineTarget implements RunTarget {
    private final RunSpec spec;
    private final MachineSpec machineSpec;
    private final Machine machine;
    private final VirtioBlkTargets targets;
    private MachineSnapshot start;
    private MachineSnapshot end;

    private MachineTarget(RunSpec spec, MachineSpec machineSpec, Machine machine, VirtioBlkTargets targets) {
        this.spec = spec;
        this.machineSpec = machineSpec;
        this.machine = machine;
        this.targets = targets;
    }

    /** Builds and starts the machine. */
    static MachineTarget open(RunSpec spec, JobSource.Jobs jobs) {
        MachineSpec machineSpec = MachineFactory.spec(spec.options(), jobs, spec.images(), spec.allowWrites());
        Machine machine = Machine.build(machineSpec);
        try {
            machine.start();
            VirtioBlkTargets targets =
                    VirtioBlkTargets.of(machine, Units.nanoseconds(spec.option(Option.HALT_POLL_NS)));
            return new MachineTarget(spec, machineSpec, machine, targets);
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    @Override
    public TargetSet targets() {
        return targets;
    }

    @Override
    public void measureStarted() {
        targets.beginStages();
        start = machine.snapshot();
    }

    @Override
    public void measureEnded() {
        end = machine.snapshot();
        targets.endStages();
    }

    @Override
    public TargetFacts finish(JobOutcome outcome, CpuMeter cpu) {
        MachineSnapshot counted = end.since(start);
        Map<String, Histogram> histograms = new LinkedHashMap<>();
        histograms.put("lock_wait", Histograms.convert(counted.lockWaitNs()));
        histograms.put("lock_hold", Histograms.convert(counted.lockHoldNs()));
        new TreeMap<>(targets.stages())
                .forEach((name, histogram) -> histograms.put("stage." + name, Histograms.convert(histogram)));
        return new TargetFacts(
                options(),
                TargetRules.absent(spec.options()),
                machineSpec.trace().counts() ? metrics(counted, outcome, cpu) : Map.of(),
                histograms,
                List.of(IdleThreads.check(
                        machineSpec.iothreads(), machine.idleIoThreads(), cpu.threadNs(), cpu.atNs())),
                0,
                Map.of());
    }

    private Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(Option.MEMORY.label(), Long.toString(machineSpec.memoryBytes()));
        options.put(Option.IOTHREADS.label(), Integer.toString(machineSpec.iothreads()));
        List<String> nodes =
                machine.disks().stream().map(disk -> disk.node().description()).toList();
        for (int i = 0; i < nodes.size(); i++) {
            options.put("disk" + i, nodes.get(i));
        }
        options.put(Option.AIO.label(), spec.option(Option.AIO));
        ResultBuilder.effectiveAio(options, nodes);
        return options;
    }

    /** What only a machine that counts can tell; without counters these are unknown, not 0. */
    private static Map<String, Metric> metrics(MachineSnapshot counted, JobOutcome outcome, CpuMeter cpu) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("lock_wait_share", new Metric(lockWaitShare(counted, outcome, cpu), "ratio", Better.LOWER));
        metrics.put("lock_acquisitions", new Metric(counted.lockHoldNs().count(), "1", Better.NEITHER));
        for (CounterId id : CounterId.values()) {
            String unit = id.label().endsWith("_ns") ? "ns" : "1";
            metrics.put("counter." + id.label(), new Metric(counted.total(id), unit, Better.NEITHER));
        }
        return metrics;
    }

    /** Wait for the big lock, as a share of the time of the threads that take it: vCPUs and main loop. */
    private static double lockWaitShare(MachineSnapshot counted, JobOutcome outcome, CpuMeter cpu) {
        double threadNs = (double) cpu.atNs() * (outcome.threads().size() + 1);
        return threadNs == 0 ? 0 : counted.lockWaitNs().sum() / threadNs;
    }

    @Override
    public void close() {
        try {
            targets.close();
        } finally {
            machine.close();
        }
    }
}
