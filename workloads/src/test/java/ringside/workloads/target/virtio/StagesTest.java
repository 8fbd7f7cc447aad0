package ringside.workloads.target.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.machine.ThreadingPreset;
import ringside.emulator.trace.LogHistogram;
import ringside.emulator.trace.TraceMode;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.Phase;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunPlan;

/** Stages of sampled requests: nothing of a request's time may fall between two stages. */
class StagesTest {
    private static final long LATENCY_NS = 200_000;

    @Test
    void nullDiskWithLatency_showsItAsTheHostsShareAndStagesAddUp() {
        DiskSpec disk = DiskSpec.of("disk0", new BlockNodeSpec.Null(1 << 20, LATENCY_NS, false), 1);
        MachineSpec spec = new MachineSpec(
                ThreadingPreset.IOTHREAD,
                1,
                List.of(),
                PollSpec.QEMU_DEFAULT,
                List.of(disk),
                16L << 20,
                false,
                TraceMode.TIMELINE,
                1);
        JobSpec job = JobSpec.defaults("stages").withRw(ReadWrite.RANDREAD).withIodepth(4);
        try (Machine machine = Machine.build(spec)) {
            machine.start();
            try (VirtioBlkTargets targets = VirtioBlkTargets.of(machine, 0)) {
                JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, new Marks(targets));

                Map<String, LogHistogram> stages = targets.stages();

                assertThat(stages.get("host").count()).isEqualTo(outcome.ios());
                assertThat(stages.get("host").sum()).isGreaterThanOrEqualTo(outcome.ios() * LATENCY_NS);
                assertThat(stages.get("plug").count()).isZero();
                long stageNs =
                        stages.values().stream().mapToLong(LogHistogram::sum).sum();
                double latencyNs = outcome.latency().lat().getMean() * outcome.ios();
                // The generator's clock starts before the driver's first stamp and stops after its last one.
                assertThat((double) stageNs).isBetween(LATENCY_NS * (double) outcome.ios(), 1.01 * latencyNs);
            }
        }
    }

    private record Marks(VirtioBlkTargets targets) implements RunListener {
        @Override
        public void phaseStarted(Phase phase) {
            if (phase == Phase.MEASURE) {
                targets.beginStages();
            }
        }

        @Override
        public void phaseEnded(Phase phase) {
            if (phase == Phase.DRAIN) {
                targets.endStages();
            }
        }
    }
}
