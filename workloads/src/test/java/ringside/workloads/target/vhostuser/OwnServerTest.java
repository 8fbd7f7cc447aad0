package ringside.workloads.target.vhostuser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportProtocol;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.trace.TraceMode;
import ringside.workloads.job.Extent;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.runner.CompletionMode;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunOptions;
import ringside.workloads.runner.RunPlan;

/** Front-end and back-end of our own in one process, on a null node: every combination of features and waiting. */
@Timeout(60)
class OwnServerTest {
    private static final long MS = 1_000_000L;
    private static final int MAX_RUNS = 30;
    private static final long PATIENCE_NS = 20_000 * MS;

    /** A thousand requests of 4 KiB per clone. */
    private static final JobRegion REQUESTS = new JobRegion(Extent.UNSET, Extent.UNSET, Extent.bytes(4_096_000));

    /** The smallest object has 16 bytes, so even one per batch of 32 requests would show as 0.5 bytes per request. */
    private static final double LESS_THAN_AN_OBJECT = 0.25;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, in order {1}, {2}")
    @CsvSource({
        "packed, false, POLL",
        "packed, false, INTERRUPT",
        "packed, true,  INTERRUPT",
        "split,  true,  POLL",
        "split,  true,  INTERRUPT"
    })
    void everyRingFormat_completesItsRequests(String ring, boolean inOrder, CompletionMode completion) {
        JobSpec job = JobSpec.defaults("mixed")
                .withRw(ReadWrite.RANDRW)
                .withIodepth(16)
                .withNumjobs(2)
                .withRegion(REQUESTS);
        boolean packed = ring.equals("packed");
        try (Export _ = export(2)) {
            VhostUserTargetSpec spec = new VhostUserTargetSpec(
                    folder.resolve("s"),
                    2,
                    packed ? 77 : 64,
                    true,
                    true,
                    packed,
                    inOrder,
                    true,
                    8 << 20,
                    false,
                    0,
                    0,
                    new VhostUserTargetSpec.Timeouts(0, TimeUnit.SECONDS.toNanos(10), 0));
            try (VhostUserTargets targets = VhostUserTargets.connect(spec)) {
                assertThat(targets.negotiated().describeVirtio().contains("RING_PACKED"))
                        .isEqualTo(packed);
                assertThat(targets.negotiated().describeVirtio().contains("IN_ORDER"))
                        .isEqualTo(inOrder);
            }
            JobOutcome outcome = run(spec, job, 2, completion);
            assertThat(outcome.errors()).isZero();
            assertThat(outcome.ios()).isEqualTo(2_000L);
        }
    }

    @ParameterizedTest(name = "{0} queues on {1} threads, event-idx={2} indirect={3} {4} halt-poll={5} ns")
    @CsvSource({
        "1, 1, true,  true,  POLL,      0",
        "1, 1, false, false, POLL,      0",
        "2, 2, true,  true,  INTERRUPT, 0",
        "2, 2, false, true,  INTERRUPT, 200000",
        "4, 1, true,  false, INTERRUPT, 0",
        "4, 2, false, false, INTERRUPT, 0"
    })
    void everyCombination_completesItsRequests(
            int queues, int threads, boolean eventIdx, boolean indirect, CompletionMode completion, long haltPollNs) {
        JobSpec job = JobSpec.defaults("mixed")
                .withRw(ReadWrite.RANDRW)
                .withIodepth(16)
                .withNumjobs(queues)
                .withRegion(REQUESTS);
        try (Export _ = export(queues)) {
            JobOutcome outcome = run(spec(queues, eventIdx, indirect, haltPollNs), job, threads, completion);

            assertThat(outcome.errors()).isZero();
            assertThat(outcome.ios()).isEqualTo(queues * 1_000L);
        }
    }

    @ParameterizedTest
    @CsvSource({"POLL", "INTERRUPT"})
    void loadThread_allocatesNothingPerRequest(CompletionMode completion) {
        JobSpec job = JobSpec.defaults("x")
                .withRw(ReadWrite.RANDREAD)
                .withIodepth(32)
                .withRampTimeNs(500 * MS)
                .withRegion(new JobRegion(Extent.UNSET, Extent.UNSET, Extent.bytes(32 << 20)));
        double least = Double.MAX_VALUE;
        try (Export _ = export(1)) {
            // On a busy host the compiler may take more than one run.
            for (int i = 0; i < MAX_RUNS && least >= LESS_THAN_AN_OBJECT; i++) {
                JobOutcome outcome = run(spec(1, true, true, 200_000), job, 1, completion);
                least = (double) outcome.threads().getFirst().allocatedBytes() / outcome.ios();
            }
        }
        assertThat(least).as("bytes per request").isLessThan(LESS_THAN_AN_OBJECT);
    }

    @Test
    void secondRunOnTheSameSet_mayPlaceQueuesElsewhere() {
        JobSpec job =
                JobSpec.defaults("x").withRw(ReadWrite.RANDREAD).withNumjobs(2).withRegion(REQUESTS);
        try (Export _ = export(2);
                VhostUserTargets targets = VhostUserTargets.connect(spec(2, true, true, 0))) {
            for (int threads = 1; threads <= 2; threads++) {
                RunPlan plan = new RunPlan(List.of(job), threads, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT);

                JobOutcome outcome = new JobRunner().run(plan, targets, RunListener.NONE);

                assertThat(outcome.threads()).hasSize(threads);
                assertThat(outcome.ios()).isEqualTo(2_000);
            }
        }
    }

    /** Nothing is in flight then, but where a packed ring goes on is in the record alone. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverThatEndedInOrder_isFollowedByTheNext(boolean packed) {
        JobSpec job =
                JobSpec.defaults("x").withRw(ReadWrite.RANDREAD).withIodepth(8).withRegion(REQUESTS);
        VhostUserTargetSpec spec = spec(packed, new VhostUserTargetSpec.Timeouts(0, PATIENCE_NS, PATIENCE_NS));
        RunPlan plan = new RunPlan(List.of(job), 1, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT);
        Export first = export(1);
        try (VhostUserTargets targets = VhostUserTargets.connect(spec)) {
            assertThat(new JobRunner().run(plan, targets, RunListener.NONE).ios())
                    .isEqualTo(1_000);
            first.close();
            try (Export _ = export(1)) {
                assertThat(new JobRunner().run(plan, targets, RunListener.NONE).ios())
                        .isEqualTo(1_000);
            }
        }
    }

    private VhostUserTargetSpec spec(boolean packed, VhostUserTargetSpec.Timeouts timeouts) {
        return new VhostUserTargetSpec(
                folder.resolve("s"), 1, 64, true, true, packed, false, true, 8 << 20, false, 0, 0, timeouts);
    }

    @Test
    void facts_comeThroughTheSocket() {
        try (Export _ = export(1);
                VhostUserTargets targets = VhostUserTargets.connect(spec(1, true, true, 0))) {
            assertThat(targets.capacityBytes()).isEqualTo(1L << 30);
            assertThat(targets.readOnly()).isFalse();
            assertThat(targets.negotiated().describeProtocol()).contains("INFLIGHT_SHMFD", "CONFIGURE_MEM_SLOTS");
        }
    }

    private Export export(int queues) {
        Export export = Export.open(new ExportSpec(
                folder.resolve("s"),
                new BlockNodeSpec.Null(1L << 30, 0, false),
                "export0",
                queues,
                256,
                1,
                PollSpec.QEMU_DEFAULT,
                TraceMode.OFF,
                true,
                BlkOptions.DEFAULT.change().packed(true).inOrder(true).build(),
                "own",
                false,
                ExportProtocol.VHOST_USER));
        export.start();
        return export;
    }

    private VhostUserTargetSpec spec(int queues, boolean eventIdx, boolean indirect, long haltPollNs) {
        return new VhostUserTargetSpec(
                folder.resolve("s"),
                queues,
                128,
                eventIdx,
                indirect,
                true,
                8 << 20,
                false,
                haltPollNs,
                0,
                new VhostUserTargetSpec.Timeouts(0, TimeUnit.SECONDS.toNanos(10), 0));
    }

    private static JobOutcome run(VhostUserTargetSpec spec, JobSpec job, int threads, CompletionMode completion) {
        try (VhostUserTargets targets = VhostUserTargets.connect(spec)) {
            return new JobRunner()
                    .run(
                            new RunPlan(List.of(job), threads, completion, 0, RunOptions.DEFAULT),
                            targets,
                            RunListener.NONE);
        }
    }
}
