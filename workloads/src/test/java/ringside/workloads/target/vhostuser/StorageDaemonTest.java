package ringside.workloads.target.vhostuser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.trace.LogHistogram;
import ringside.workloads.job.Extent;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.runner.CompletionMode;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunException;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.Phase;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunOptions;
import ringside.workloads.runner.RunPlan;
import ringside.workloads.runner.RunProgress;
import ringside.workloads.verify.StampVerifier;

/** Our front-end against the vhost-user-blk server of QEMU. */
@Timeout(60)
class StorageDaemonTest {
    private static final int IMAGE_BYTES = 4 << 20;
    private static final int BLOCK_BYTES = 4096;

    @TempDir
    Path folder;

    @BeforeEach
    void needsThePeer() {
        assumeTrue(StorageDaemon.present(), "qemu-storage-daemon is not installed");
    }

    @ParameterizedTest(name = "{0} queues on {1} threads, event-idx={2} indirect={3} {4} halt-poll={5} ns")
    @CsvSource({
        "1, 1, true,  true,  POLL,      0",
        "1, 1, true,  true,  INTERRUPT, 0",
        "1, 1, false, false, INTERRUPT, 200000",
        "1, 1, false, true,  POLL,      0",
        "2, 2, true,  true,  INTERRUPT, 200000",
        "2, 2, true,  true,  POLL,      0",
        "2, 1, true,  false, INTERRUPT, 0",
        "2, 1, false, true,  INTERRUPT, 0"
    })
    void stampedBlocks_areReadBackAndFoundInTheImage(
            int queues, int threads, boolean eventIdx, boolean indirect, CompletionMode completion, long haltPollNs)
            throws IOException {
        Path image = image();
        JobSpec job = JobSpec.defaults("stamp")
                .withRw(ReadWrite.RANDWRITE)
                .withBs(BLOCK_BYTES)
                .withIodepth(16)
                .withNumjobs(2);
        try (StorageDaemon daemon = StorageDaemon.ofFile(folder, image, queues)) {
            VhostUserTargetSpec spec = spec(daemon, queues, eventIdx, indirect, haltPollNs);

            JobOutcome outcome = run(spec, job, threads, completion);

            assertThat(outcome.errors()).isZero();
            assertThat(outcome.bytes()).isEqualTo(2 * IMAGE_BYTES);
            try (VhostUserTargets targets = VhostUserTargets.connect(spec)) {
                ReadBack.check(targets, queues - 1);
            }
        }
        assertThat(new StampVerifier().verify(image, 0, IMAGE_BYTES).firstProblem())
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} queues {1}")
    @CsvSource({"1, POLL", "1, INTERRUPT", "2, INTERRUPT"})
    void nullNode_answersReads(int queues, CompletionMode completion) throws IOException {
        JobSpec job = JobSpec.defaults("read")
                .withRw(ReadWrite.RANDREAD)
                .withIodepth(32)
                .withNumjobs(queues)
                .withRegion(new JobRegion(Extent.UNSET, Extent.UNSET, Extent.bytes(4_096_000)));
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, queues)) {
            JobOutcome outcome = run(spec(daemon, queues, true, true, 0), job, queues, completion);

            assertThat(outcome.errors()).isZero();
            assertThat(outcome.ios()).isEqualTo(queues * 1_000L);
        }
    }

    @Test
    void secondConnection_findsTheServerAsNew() throws IOException {
        JobSpec job = JobSpec.defaults("read").withRw(ReadWrite.RANDREAD).withRuntimeNs(50_000_000L);
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 1)) {
            for (int i = 0; i < 3; i++) {
                assertThat(run(spec(daemon, 1, true, true, 0), job, 1, CompletionMode.INTERRUPT)
                                .ios())
                        .isPositive();
            }
        }
    }

    @Test
    void facts_areTheServers() throws IOException {
        try (StorageDaemon daemon = StorageDaemon.readOnlyNull(folder);
                VhostUserTargets targets = VhostUserTargets.connect(spec(daemon, 1, true, false, 0))) {
            assertThat(targets.readOnly()).isTrue();
            assertThat(targets.capacityBytes()).isEqualTo(1L << 30);
            assertThat(targets.negotiated().describeVirtio())
                    .contains("EVENT_IDX", "VERSION_1", "RO")
                    .doesNotContain("INDIRECT_DESC");
            assertThat(targets.negotiated().describeProtocol()).contains("CONFIG", "REPLY_ACK");
        }
    }

    @Test
    void tooManyQueues_areRefused() throws IOException {
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 2)) {
            VhostUserTargetSpec spec = spec(daemon, 3, true, true, 0);

            assertThatThrownBy(() -> VhostUserTargets.connect(spec))
                    .isInstanceOf(PeerException.class)
                    .hasMessage("vhost-user server on " + daemon.socket()
                            + " has 2 queues, not 3; start it with more or use fewer");
        }
    }

    @Test
    void timelines_showDriverAndServer() throws IOException {
        JobSpec job =
                JobSpec.defaults("read").withRw(ReadWrite.RANDREAD).withRuntimeNs(TimeUnit.MILLISECONDS.toNanos(100));
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 1)) {
            VhostUserTargetSpec spec = new VhostUserTargetSpec(
                    daemon.socket(),
                    1,
                    64,
                    true,
                    true,
                    true,
                    4 << 20,
                    false,
                    0,
                    1,
                    VhostUserTargetSpec.Timeouts.DEFAULT);
            try (VhostUserTargets targets = VhostUserTargets.connect(spec)) {
                JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, new Marks(targets));

                Map<String, LogHistogram> stages = targets.stages();
                assertThat(stages).containsOnlyKeys("slat", "server");
                // Of depth 1, only the last request may complete behind the lane's window.
                assertThat(stages.get("server").count() - outcome.ios()).isBetween(0L, 1L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"POLL", "INTERRUPT"})
    void serverThatDiesUnderLoad_endsTheRunWithOneLine(CompletionMode completion) throws IOException {
        JobSpec job = JobSpec.defaults("read")
                .withRw(ReadWrite.RANDREAD)
                .withIodepth(8)
                .withRuntimeNs(TimeUnit.SECONDS.toNanos(30));
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 1)) {
            RunListener killer = new Killer(daemon);

            assertThatThrownBy(() -> run(spec(daemon, 1, true, true, 0), job, 1, completion, killer))
                    .isInstanceOf(JobRunException.class)
                    .hasMessageContaining(daemon.socket() + " hung up under load");
        }
    }

    /** The daemon keeps no record of requests in flight, so nobody can go on for it. */
    @Test
    void reconnectionUnderLoad_needsARecord() throws IOException {
        JobSpec job = JobSpec.defaults("read")
                .withRw(ReadWrite.RANDREAD)
                .withIodepth(8)
                .withRuntimeNs(TimeUnit.SECONDS.toNanos(30));
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 1)) {
            VhostUserTargetSpec spec = impatient(
                    daemon, new VhostUserTargetSpec.Timeouts(10_000_000_000L, 1_000_000_000L, 1_000_000_000L));

            assertThatThrownBy(() -> run(spec, job, 1, CompletionMode.INTERRUPT, new Killer(daemon)))
                    .isInstanceOf(JobRunException.class)
                    .hasMessageContaining("does not offer INFLIGHT_SHMFD");
        }
    }

    @Test
    void serverThatIsFrozen_isGivenUpInTime() throws IOException {
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 1)) {
            VhostUserTargets.connect(spec(daemon, 1, true, true, 0)).close();
            daemon.freeze();
            VhostUserTargetSpec spec = impatient(daemon, new VhostUserTargetSpec.Timeouts(0, 100_000_000L, 0));

            assertThatThrownBy(() -> VhostUserTargets.connect(spec))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContaining("GET_FEATURES: the peer sent nothing for 100 ms");
        }
    }

    /** As of QEMU 7.2 it offers neither; one that does is welcome, and then this test is to be changed. */
    @ParameterizedTest
    @CsvSource({"true, false, RING_PACKED", "false, true, IN_ORDER"})
    void ringThatIsNotOffered_isRefusedInOneLine(boolean packed, boolean inOrder, String missing) throws IOException {
        try (StorageDaemon daemon = StorageDaemon.ofNull(folder, 1)) {
            VhostUserTargetSpec spec = new VhostUserTargetSpec(
                    daemon.socket(),
                    1,
                    128,
                    true,
                    true,
                    packed,
                    inOrder,
                    true,
                    8 << 20,
                    false,
                    0,
                    0,
                    VhostUserTargetSpec.Timeouts.DEFAULT);
            assertThatThrownBy(() -> VhostUserTargets.connect(spec))
                    .isInstanceOf(PeerException.class)
                    .hasMessageEndingWith("does not offer " + missing);
        }
    }

    @Test
    void nobodyListens_isSaidAtOnce() {
        VhostUserTargetSpec.Timeouts impatient = new VhostUserTargetSpec.Timeouts(0, 1_000_000_000L, 0);
        VhostUserTargetSpec spec = new VhostUserTargetSpec(
                folder.resolve("none"), 1, 64, true, true, true, 4 << 20, false, 0, 0, impatient);

        assertThatThrownBy(() -> VhostUserTargets.connect(spec))
                .hasMessageContaining("cannot connect to " + folder.resolve("none"));
    }

    private Path image() throws IOException {
        Path image = folder.resolve("image.raw");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        return image;
    }

    private static VhostUserTargetSpec spec(
            StorageDaemon daemon, int queues, boolean eventIdx, boolean indirect, long haltPollNs) {
        return new VhostUserTargetSpec(
                daemon.socket(),
                queues,
                128,
                eventIdx,
                indirect,
                true,
                8 << 20,
                false,
                haltPollNs,
                0,
                VhostUserTargetSpec.Timeouts.DEFAULT);
    }

    private static JobOutcome run(VhostUserTargetSpec spec, JobSpec job, int threads, CompletionMode completion) {
        return run(spec, job, threads, completion, RunListener.NONE);
    }

    private static JobOutcome run(
            VhostUserTargetSpec spec, JobSpec job, int threads, CompletionMode completion, RunListener listener) {
        try (VhostUserTargets targets = VhostUserTargets.connect(spec)) {
            return new JobRunner()
                    .run(new RunPlan(List.of(job), threads, completion, 0, RunOptions.DEFAULT), targets, listener);
        }
    }

    private static VhostUserTargetSpec impatient(StorageDaemon daemon, VhostUserTargetSpec.Timeouts timeouts) {
        return new VhostUserTargetSpec(daemon.socket(), 1, 64, true, true, true, 4 << 20, false, 0, 0, timeouts);
    }

    /** Ends the daemon as soon as the load is under way. */
    private record Killer(StorageDaemon daemon) implements RunListener {
        @Override
        public void progress(RunProgress progress) {
            if (progress.ios() > 0) {
                daemon.kill();
            }
        }
    }

    private record Marks(VhostUserTargets targets) implements RunListener {
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
