package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.Extent;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.target.FakeTarget;
import ringside.workloads.target.FakeTargets;
import ringside.workloads.target.NullTargets;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.StampReport;
import ringside.workloads.verify.StampVerifier;

@Timeout(60)
class JobRunnerTest {
    private static final long MS = 1_000_000L;
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"1,1,0,0", "8,1,0,0", "32,1,5,0", "16,1,0,3", "7,3,4,5"})
    void anyCompletionOrder_neverExceedsIodepthAndCountsAgree(int depth, int numjobs, int busyEvery, int syncEvery) {
        FakeTargets targets =
                new FakeTargets(2, 2, MIB).withBusyEvery(busyEvery).withCompletedEvery(syncEvery);
        JobSpec job = JobSpec.defaults("x")
                .withRw(ReadWrite.RANDRW)
                .withIodepth(depth)
                .withNumjobs(numjobs);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        assertThat(outcome.lanes()).hasSize(2 * numjobs);
        assertThat(targets.opened()).allSatisfy(target -> {
            assertThat(target.violation).isEmpty();
            assertThat(target.maxInFlight).isLessThanOrEqualTo(target.depth);
            assertThat(target.emptyCommits).isZero();
            assertThat(target.closed).isTrue();
        });
        assertHistogramsMatchCounts(outcome);
        assertThat(outcome.ios()).isEqualTo(2L * numjobs * MIB / 4096);
        assertThat(outcome.bytes()).isEqualTo(outcome.ios() * 4096);
        assertThat(outcome.errors()).isZero();
        assertThat(outcome.firstFailure()).isEmpty();
    }

    @Test
    void runningLane_keepsTheDepthExactlyFull() {
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        JobSpec job = timed("x", ReadWrite.RANDREAD).withIodepth(16);

        new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        FakeTarget target = targets.opened().getFirst();
        assertThat(target.maxInFlight).isEqualTo(16);
        assertThat(target.minInFlightAtCommit).isEqualTo(16);
    }

    /** The last request of the size must not be forgotten when the queue has no room for it at first. */
    @Test
    void busyAtTheLastRequest_stillEnds() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withBusyEvery(256);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(JobSpec.defaults("x"))), targets, RunListener.NONE);

        assertThat(outcome.ios()).isEqualTo(256);
    }

    @Test
    void sizeBoundRead_touchesEachBlockOnceAndEndsByItself() {
        FakeTargets targets = new FakeTargets(1, 1, 2 * MIB);
        JobSpec job = JobSpec.defaults("x").withRw(ReadWrite.RANDREAD).withIodepth(4);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        assertThat(outcome.ios()).isEqualTo(2 * MIB / 4096);
        assertThat(outcome.measuredNs()).isPositive();
        assertThat(outcome.stopped()).isFalse();
        assertHistogramsMatchCounts(outcome);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReadWrite.class,
            names = {"WRITE", "RANDWRITE"})
    void sizeBoundWrite_leavesEverySectorStamped(ReadWrite rw) {
        FakeTargets targets = new FakeTargets(2, 1, MIB).withBusyEvery(7);
        JobSpec job = JobSpec.defaults("x").withRw(rw).withBs(8192).withIodepth(5);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        assertThat(outcome.bytes()).isEqualTo(2L * MIB);
        for (int disk = 0; disk < 2; disk++) {
            StampReport report = new StampVerifier().verify(targets.contents(disk), 0);
            assertThat(report.firstProblem()).isEmpty();
            assertThat(report.good()).isEqualTo(MIB / 512);
        }
        assertThat(targets.opened())
                .allSatisfy(target -> assertThat(target.flushes).isEqualTo(1));
    }

    @Test
    void flushAtEndOff_doesNotFlush() {
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        RunOptions options = new RunOptions(false, false, 100 * MS, 5_000 * MS);
        JobSpec job = JobSpec.defaults("x").withRw(ReadWrite.WRITE);

        new JobRunner().run(new RunPlan(List.of(job), 0, CompletionMode.POLL, 0, options), targets, RunListener.NONE);

        assertThat(targets.opened().getFirst().flushes).isZero();
    }

    @Test
    void regionAndIoSize_boundWhatIsTouched() {
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        JobRegion region = new JobRegion(Extent.bytes(65536), Extent.bytes(131072), Extent.bytes(65536));
        JobSpec job = JobSpec.defaults("x").withRw(ReadWrite.WRITE).withRegion(region);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        assertThat(outcome.bytes()).isEqualTo(65536);
        StampReport report = new StampVerifier().verify(targets.contents(0), 0);
        assertThat(report.good()).isEqualTo(128);
        assertThat(report.unstamped()).isEqualTo(MIB / 512 - 128);
    }

    @Test
    void clonesAreDealtToQueuesAndThreads() {
        FakeTargets targets = new FakeTargets(2, 2, MIB);
        JobSpec job = JobSpec.defaults("x").withNumjobs(3).withIodepth(2);

        JobOutcome outcome = new JobRunner()
                .run(
                        new RunPlan(List.of(job), 2, CompletionMode.INTERRUPT, 0, RunOptions.DEFAULT),
                        targets,
                        RunListener.NONE);

        assertThat(targets.opened()).extracting(FakeTarget::disk).containsExactly(0, 0, 1, 1);
        assertThat(targets.opened()).extracting(FakeTarget::queue).containsExactly(0, 1, 0, 1);
        assertThat(targets.opened()).extracting(target -> target.depth).containsExactly(4, 2, 4, 2);
        assertThat(targets.opened())
                .extracting(FakeTarget::threadName)
                .containsExactly("vcpu0", "vcpu1", "vcpu0", "vcpu1");
        assertThat(outcome.threads()).extracting(ThreadOutcome::name).containsExactly("vcpu0", "vcpu1");
        assertThat(outcome.threads())
                .allSatisfy(thread -> assertThat(thread.cpuNs()).isPositive());
        assertThat(outcome.lanes())
                .allSatisfy(lane -> assertThat(lane.directions())
                        .singleElement()
                        .satisfies(direction -> assertThat(direction.ios()).isPositive()));
    }

    @Test
    void mixedJob_keepsItsShareOfReads() {
        NullTargets targets = new NullTargets(1, 1, 64 * MIB, 64);
        JobSpec job =
                JobSpec.defaults("x").withRw(ReadWrite.RANDRW).withRwmixread(70).withIodepth(8);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);
        targets.close();

        double reads = outcome.direction(IoUnit.Op.READ).orElseThrow().ios();
        assertThat(outcome.ios()).isEqualTo(64 * MIB / 4096);
        assertThat(reads / outcome.ios()).isBetween(0.67, 0.73);
    }

    @Test
    void differentBlockSizes_areUsedPerDirection() {
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        JobSpec job = timed("x", ReadWrite.RW).withBs(new BlockSizes(4096, 16384, 512));

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        DirectionOutcome reads = outcome.direction(IoUnit.Op.READ).orElseThrow();
        DirectionOutcome writes = outcome.direction(IoUnit.Op.WRITE).orElseThrow();
        assertThat(reads.bytes()).isEqualTo(reads.ios() * 4096);
        assertThat(writes.bytes()).isEqualTo(writes.ios() * 16384);
        assertThat(targets.opened().getFirst().bufferBytes).isEqualTo(16384);
    }

    @Test
    void firstIoError_endsTheLaneAndIsRemembered() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withErrnoAt(offset -> offset == 8192 ? 5 : 0);
        JobSpec job = JobSpec.defaults("x");

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.errors()).isEqualTo(1);
        assertThat(outcome.ios()).isEqualTo(2);
        assertThat(outcome.firstFailure())
                .hasValueSatisfying(failure -> assertThat(failure.message())
                        .isEqualTo("job x: read of 4096 bytes at offset 8192 of disk 0 failed with errno 5"));
    }

    @Test
    void continueOnError_countsAndGoesOn() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withErrnoAt(offset -> offset % 8192 == 0 ? 5 : 0);
        RunOptions options = new RunOptions(true, false, 100 * MS, 5_000 * MS);

        JobOutcome outcome = new JobRunner()
                .run(
                        new RunPlan(List.of(JobSpec.defaults("x")), 0, CompletionMode.POLL, 0, options),
                        targets,
                        RunListener.NONE);

        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.errors()).isEqualTo(128);
        assertThat(outcome.ios()).isEqualTo(128);
        assertHistogramsMatchCounts(outcome);
    }

    @Test
    void errorInTheRamp_endsWithoutResultsButWithTheError() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withErrnoAt(_ -> 5);
        JobSpec job = timed("x", ReadWrite.READ).withRampTimeNs(20 * MS);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE);

        assertThat(outcome.ios()).isZero();
        assertThat(outcome.measuredNs()).isZero();
        assertThat(outcome.errors()).isEqualTo(1);
    }

    @Test
    void phases_areAnnouncedInOrderAndRampIsDiscarded() {
        List<String> heard = new ArrayList<>();
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        JobSpec job = JobSpec.defaults("x").withRampTimeNs(30 * MS).withIodepth(4);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(job)), targets, recorder(heard));

        assertThat(heard).containsExactly("+RAMP", "-RAMP", "+MEASURE", "-MEASURE", "+DRAIN", "-DRAIN");
        assertThat(outcome.ios())
                .as("the size counts from the end of the ramp; requests in flight then are counted beside it")
                .isBetween(256L, 260L);
    }

    @Test
    void shorterJob_endsByItsOwnRuntime() {
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        JobSpec brief = timed("brief", ReadWrite.READ).withRuntimeNs(20 * MS);
        JobSpec full = timed("full", ReadWrite.READ).withRuntimeNs(400 * MS);

        JobOutcome outcome = new JobRunner().run(RunPlan.of(List.of(brief, full)), targets, RunListener.NONE);

        assertThat(outcome.jobs()).extracting(JobTotals::job).containsExactly("brief", "full");
        long briefNs = outcome.jobs().get(0).measuredNs();
        long fullNs = outcome.jobs().get(1).measuredNs();
        // Only the order is sure: on a busy host a lane begins late and is then measured for less than its runtime.
        assertThat(briefNs).isPositive().isLessThan(fullNs);
    }

    @Test
    void stopRequest_endsAnEndlessRunAndDrains() {
        FakeTargets targets = new FakeTargets(1, 1, MIB);
        JobSpec job = timed("x", ReadWrite.WRITE).withRuntimeNs(3_600_000 * MS).withIodepth(4);
        JobRunner runner = new JobRunner();
        RunListener stopUnderLoad = new RunListener() {
            @Override
            public void progress(RunProgress progress) {
                if (progress.ios() > 0) {
                    runner.requestStop();
                }
            }
        };

        JobOutcome outcome = runner.run(RunPlan.of(List.of(job)), targets, stopUnderLoad);

        assertThat(outcome.stopped()).isTrue();
        assertThat(targets.opened().getFirst().flushes).isEqualTo(1);
        assertHistogramsMatchCounts(outcome);
    }

    @Test
    void numberIos_endsEachClone() {
        JobRegion region = new JobRegion(
                Extent.UNSET,
                Extent.UNSET,
                Extent.bytes(1L << 40),
                Extent.UNSET,
                0,
                37,
                ringside.workloads.job.ZoneStride.NONE);
        JobSpec job = JobSpec.defaults("x").withRegion(region).withNumjobs(2).withIodepth(4);

        JobOutcome outcome =
                new JobRunner().run(RunPlan.of(List.of(job)), new FakeTargets(1, 2, MIB), RunListener.NONE);

        assertThat(outcome.ios()).isEqualTo(2 * 37);
        assertHistogramsMatchCounts(outcome);
    }

    @Test
    void lostRequest_isReportedAfterTheDrainTimeout() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withHoldBack(3);
        RunOptions options = new RunOptions(false, false, 100 * MS, 50 * MS);
        JobSpec job = timed("x", ReadWrite.READ).withIodepth(8);

        assertThatThrownBy(() -> new JobRunner()
                        .run(
                                new RunPlan(List.of(job), 0, CompletionMode.INTERRUPT, 0, options),
                                targets,
                                RunListener.NONE))
                .isInstanceOf(JobRunException.class)
                .hasMessageStartingWith("about 3 requests did not come back within 50 ms");
        assertThat(targets.opened().getFirst().closed).isTrue();
    }

    @Test
    void failingTarget_failsTheRunInOneLine() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withErrnoAt(_ -> {
            throw new IllegalStateException("ring broken");
        });

        assertThatThrownBy(() ->
                        new JobRunner().run(RunPlan.of(List.of(timed("x", ReadWrite.READ))), targets, RunListener.NONE))
                .isInstanceOf(JobRunException.class)
                .hasMessage("load thread vcpu0 failed: java.lang.IllegalStateException: ring broken");
    }

    @Test
    void depthBeyondTheQueue_isRefusedNamingQueueSize() {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withMaxDepth(16);
        JobSpec job = timed("x", ReadWrite.READ).withIodepth(10).withNumjobs(2);

        assertThatThrownBy(() -> new JobRunner().run(RunPlan.of(List.of(job)), targets, RunListener.NONE))
                .isInstanceOf(JobRunException.class)
                .hasMessage("disk 0 queue 0: the jobs on it want 20 requests in flight, but its queue-size allows 16:"
                        + " use a smaller iodepth or a larger queue-size");
        assertThat(targets.opened())
                .allSatisfy(target -> assertThat(target.closed).isTrue());
    }

    @ParameterizedTest
    @EnumSource(
            value = ReadWrite.class,
            names = {"WRITE", "RANDRW", "TRIM"})
    void changingJobOnReadOnlyDisk_isRefused(ReadWrite rw) {
        FakeTargets targets = new FakeTargets(1, 1, MIB).withReadOnly();

        assertThatThrownBy(() -> new JobRunner().run(RunPlan.of(List.of(timed("x", rw))), targets, RunListener.NONE))
                .isInstanceOf(JobRunException.class)
                .hasMessageContaining("changes disk 0, which is read-only");
        assertThat(targets.opened()).isEmpty();
    }

    @Test
    void jobLargerThanTheDisk_isRefused() {
        JobSpec job =
                timed("x", ReadWrite.READ).withRegion(new JobRegion(Extent.UNSET, Extent.bytes(2 * MIB), Extent.UNSET));

        assertThatThrownBy(() ->
                        new JobRunner().run(RunPlan.of(List.of(job)), new FakeTargets(1, 1, MIB), RunListener.NONE))
                .isInstanceOf(JobRunException.class)
                .hasMessageContaining("reach beyond the disk of 1048576 bytes");
    }

    @Test
    void series_addsUpToTheCompletions() {
        NullTargets targets = new NullTargets(2, 1, MIB, 64);
        JobSpec job = timed("x", ReadWrite.RANDREAD).withRuntimeNs(250 * MS).withIodepth(4);
        RunOptions options = new RunOptions(false, false, 10 * MS, 5_000 * MS);

        JobOutcome outcome = new JobRunner()
                .run(new RunPlan(List.of(job), 2, CompletionMode.POLL, 0, options), targets, RunListener.NONE);
        targets.close();

        long inSeries =
                outcome.series().ios().stream().mapToLong(Long::longValue).sum();
        assertThat(outcome.series().ios()).hasSizeGreaterThanOrEqualTo(24);
        assertThat(inSeries).isPositive().isLessThanOrEqualTo(outcome.ios());
        assertThat(outcome.series().bytes().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(inSeries * 4096);
    }

    private static JobSpec timed(String name, ReadWrite rw) {
        return JobSpec.defaults(name).withRw(rw).withRuntimeNs(60 * MS);
    }

    private static void assertHistogramsMatchCounts(JobOutcome outcome) {
        assertThat(outcome.lanes())
                .allSatisfy(lane -> assertThat(lane.directions()).allSatisfy(direction -> {
                    assertThat(direction.latency().slat().getTotalCount()).isEqualTo(direction.ios());
                    assertThat(direction.latency().clat().getTotalCount()).isEqualTo(direction.ios());
                    assertThat(direction.latency().lat().getTotalCount()).isEqualTo(direction.ios());
                }));
        assertThat(outcome.latency().lat().getTotalCount()).isEqualTo(outcome.ios());
    }

    private static RunListener recorder(List<String> heard) {
        return new RunListener() {
            @Override
            public void phaseStarted(Phase phase) {
                heard.add("+" + phase);
            }

            @Override
            public void phaseEnded(Phase phase) {
                heard.add("-" + phase);
            }
        };
    }
}
