package ringside.workloads.runner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobStart;
import ringside.workloads.load.Lane;
import ringside.workloads.load.LaneRules;
import ringside.workloads.load.LaneSetup;
import ringside.workloads.load.LoadMeter;
import ringside.workloads.load.LogFiles;
import ringside.workloads.load.QueueDriver;
import ringside.workloads.load.Stages;
import ringside.workloads.load.StartGate;
import ringside.workloads.load.TracePlan;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.TargetSet;
import ringside.workloads.unit.IoUnit;

/** The opened targets, lanes and threads of a run. Built and closed by the coordinator. */
final class Load implements AutoCloseable {
    private static final int MAX_INTERVALS = 36_000;

    /** The start delay's share of a lane's seed; others are those of the lane and its request source. */
    private static final long DELAY = 1L << 33;

    private final RunPlan plan;
    private final TargetSet targets;
    private final PhaseControl control;
    private final PhaseLengths lengths;
    private final Stages stages;
    private final List<IoTarget> opened = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final TracePlan traces = new TracePlan();
    private final LogFiles.Plan logs = new LogFiles.Plan();
    private final List<JobThread> threads = new ArrayList<>();

    private Load(RunPlan plan, TargetSet targets, PhaseControl control, PhaseLengths lengths) {
        this.plan = plan;
        this.targets = targets;
        this.control = control;
        this.lengths = lengths;
        this.stages = Stages.of(plan.jobs());
    }

    /** Opens and prepares everything; nothing stays open when it fails. */
    static Load open(RunPlan plan, TargetSet targets, PhaseControl control, PhaseLengths lengths) {
        Load load = new Load(plan, targets, control, lengths);
        try {
            load.checkWrites();
            load.build(Placement.of(plan, targets.disks(), targets.queuesPerDisk()));
            return load;
        } catch (IllegalArgumentException e) {
            load.close();
            throw new JobRunException(e.getMessage(), e);
        } catch (RuntimeException e) {
            load.close();
            throw e;
        }
    }

    List<Lane> lanes() {
        return lanes;
    }

    List<JobThread> threads() {
        return threads;
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        opened.forEach(IoTarget::close);
    }

    private void checkWrites() {
        for (JobSpec job : plan.jobs()) {
            for (int disk = 0; disk < targets.disks(); disk++) {
                if (job.rw().modifies() && targets.readOnly(disk)) {
                    throw new JobRunException(
                            "job " + job.name() + ": rw=" + job.rw().label() + " changes disk " + disk
                                    + ", which is read-only: use a job that reads, or allow writes to that image");
                }
            }
        }
    }

    private void build(Placement placement) {
        List<List<QueueDriver>> drivers = new ArrayList<>();
        List<LoadMeter> meters = new ArrayList<>();
        for (int i = 0; i < placement.threads(); i++) {
            drivers.add(new ArrayList<>());
            meters.add(new LoadMeter(plan.options().intervalNs(), intervals()));
        }
        for (List<Placement.Slot> slots : placement.queues()) {
            int thread = slots.getFirst().place().thread();
            drivers.get(thread).add(openQueue(slots, meters.get(thread)));
        }
        boolean polling = plan.completion() == CompletionMode.POLL;
        for (int i = 0; i < placement.threads(); i++) {
            QueueDriver[] own = drivers.get(i).toArray(QueueDriver[]::new);
            threads.add(new JobThread(i, own, control, targets.haltPolicy(i), polling, meters.get(i)));
        }
    }

    private int intervals() {
        long planned = lengths.measureNs() / plan.options().intervalNs() + 2;
        return lengths.measureBounded() ? (int) Math.min(planned, MAX_INTERVALS) : MAX_INTERVALS;
    }

    private QueueDriver openQueue(List<Placement.Slot> slots, LoadMeter meter) {
        int disk = slots.getFirst().place().disk();
        int queue = slots.getFirst().place().queue();
        IoTarget target = targets.open(disk, queue, slots.getFirst().place().thread());
        opened.add(target);
        int depth = slots.stream().mapToInt(slot -> slot.job().iodepth()).sum();
        if (depth > target.maxDepth()) {
            throw new JobRunException("disk " + disk + " queue " + queue + ": the jobs on it want " + depth
                    + " requests in flight, but its queue-size allows " + target.maxDepth()
                    + ": use a smaller iodepth or a larger queue-size");
        }
        int bufferBytes = slots.stream()
                .mapToInt(slot -> Lane.bufferBytes(slot.job()))
                .max()
                .orElseThrow();
        IoUnit[] units = target.allocateUnits(depth, bufferBytes);
        return new QueueDriver(target, makeLanes(slots, units, target.capacityBytes()), meter);
    }

    private List<Lane> makeLanes(List<Placement.Slot> slots, IoUnit[] units, long capacityBytes) {
        List<Lane> own = new ArrayList<>();
        int next = 0;
        for (Placement.Slot slot : slots) {
            JobSpec job = slot.job();
            IoUnit[] part = Arrays.copyOfRange(units, next, next + job.iodepth());
            next += job.iodepth();
            long seed = SplitMix64.derive(job.randseed() ^ SplitMix64.mix(plan.seed()), slot.number());
            own.add(new Lane(new LaneSetup(
                    job,
                    job.region()
                            .resolve(
                                    job.name(),
                                    capacityBytes,
                                    job.bs(),
                                    slot.place().cloneIndex()),
                    slot.place(),
                    seed,
                    part,
                    rules(job, seed),
                    traces.replayOf(job, slot.place().cloneIndex(), capacityBytes),
                    traces.logOf(job),
                    logs.of(job, slot.number() + 1))));
        }
        lanes.addAll(own);
        return own;
    }

    private LaneRules rules(JobSpec job, long seed) {
        long runtimeNs = job.timing().runtimeNs();
        boolean phaseDecides = runtimeNs == 0 || (lengths.measureBounded() && runtimeNs == lengths.measureNs());
        JobStart start = job.timing().start();
        long delayNs = start.minDelayNs()
                + (long) (new SplitMix64(SplitMix64.derive(seed, DELAY)).nextDouble()
                        * (start.maxDelayNs() - start.minDelayNs()));
        return new LaneRules(
                plan.options().continueOnError(),
                plan.options().flushAtEnd() && job.sync().atEnd(),
                new StartGate(stages, Stages.stageOf(plan.jobs(), plan.jobs().indexOf(job)), delayNs),
                phaseDecides ? Long.MAX_VALUE : runtimeNs);
    }
}
