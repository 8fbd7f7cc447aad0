package ringside.workloads.runner;

import java.util.ArrayList;
import java.util.List;
import ringside.workloads.load.Lane;
import ringside.workloads.load.OpenLoopRecorder;
import ringside.workloads.unit.IoUnit;

/** Puts the outcome together after all load threads have ended. */
final class OutcomeBuilder {
    private final Load load;
    private final long measureStartNs;
    private final long intervalNs;

    OutcomeBuilder(Load load, long measureStartNs, long intervalNs) {
        this.load = load;
        this.measureStartNs = measureStartNs;
        this.intervalNs = intervalNs;
    }

    JobOutcome build(boolean stopped, SteadyWatch steady) {
        List<LaneOutcome> lanes = load.lanes().stream().map(this::laneOutcome).toList();
        List<ThreadOutcome> threads =
                load.threads().stream().map(JobThread::outcome).toList();
        long endNs = lanes.stream().mapToLong(LaneOutcome::endNs).max().orElse(0);
        return new JobOutcome(lanes, threads, series(lanes), stopped, steady.outcome(endNs));
    }

    private LaneOutcome laneOutcome(Lane lane) {
        return new LaneOutcome(
                lane.setup().job().name(),
                lane.setup().place(),
                lane.startNs() - measureStartNs,
                lane.endNs() - measureStartNs,
                lane.directions().stream().map(op -> direction(lane, op)).toList(),
                lane.openLoop().map(OutcomeBuilder::openLoop),
                lane.syncs()
                        .map(syncs -> new SyncOutcome(
                                syncs.completed(), syncs.latency().copy())),
                lane.latencyTarget().map(target -> new TargetOutcome(target.depth(), target.met() ? 0 : 1)),
                otherErrors(lane),
                lane.failed(),
                lane.firstFailure());
    }

    private static long otherErrors(Lane lane) {
        long verification = lane.directions().contains(IoUnit.Op.READ) ? 0 : lane.errors(IoUnit.Op.READ);
        return lane.errors(IoUnit.Op.FLUSH) + verification;
    }

    private static OpenLoopOutcome openLoop(OpenLoopRecorder recorder) {
        return new OpenLoopOutcome(
                recorder.begun() + recorder.skipped(),
                recorder.late(),
                recorder.skipped(),
                recorder.latency().copy());
    }

    private static DirectionOutcome direction(Lane lane, IoUnit.Op op) {
        return new DirectionOutcome(
                op,
                lane.ios(op),
                lane.bytes(op),
                lane.errors(op),
                lane.recorder().of(op).copy());
    }

    private SeriesOutcome series(List<LaneOutcome> lanes) {
        long endNs = lanes.stream().mapToLong(LaneOutcome::endNs).max().orElse(0);
        int kept = load.threads().getFirst().meter().intervals();
        int whole = (int) Math.min(kept, endNs / intervalNs);
        List<Long> ios = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        for (int i = 0; i < whole; i++) {
            long iosHere = 0;
            long bytesHere = 0;
            for (JobThread thread : load.threads()) {
                iosHere += thread.meter().iosIn(i);
                bytesHere += thread.meter().bytesIn(i);
            }
            ios.add(iosHere);
            bytes.add(bytesHere);
        }
        return new SeriesOutcome(intervalNs, List.copyOf(ios), List.copyOf(bytes));
    }
}
