package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.workloads.job.DirectionRates;
import ringside.workloads.job.JobPacing;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.RateProcess;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.target.FakeTargets;
import ringside.workloads.target.NullTargets;

/** The load's own self-test: what a stall of the device does to the figures of an open and of a closed loop. */
@Timeout(60)
class OpenLoopTest {
    private static final long MS = 1_000_000L;
    private static final int DEPTH = 4;
    private static final int IOPS = 2_000;
    private static final long STALL_NS = 150 * MS;
    private static final long LONG_NS = 10 * MS;

    private static JobSpec job(boolean openLoop, long iops) {
        DirectionRates rate = new DirectionRates(iops, iops, iops);
        return JobSpec.defaults("x")
                .withRw(ReadWrite.RANDREAD)
                .withIodepth(DEPTH)
                .withRuntimeNs(600 * MS)
                .withPacing(new JobPacing(DirectionRates.NONE, rate, RateProcess.LINEAR, openLoop));
    }

    /** Stalls once, at the hundredth request. */
    private static FakeTargets stalling() {
        AtomicBoolean stalled = new AtomicBoolean();
        int[] requests = new int[1];
        return new FakeTargets(1, 1, 1 << 20).withErrnoAt(_ -> {
            if (++requests[0] == 100 && stalled.compareAndSet(false, true)) {
                sleep(STALL_NS);
            }
            return 0;
        });
    }

    private static void sleep(long ns) {
        long endNs = System.nanoTime() + ns;
        while (System.nanoTime() < endNs) {
            LockSupport.parkNanos(endNs - System.nanoTime());
        }
    }

    private static JobOutcome run(JobSpec job, FakeTargets targets) {
        return new JobRunner()
                .run(
                        new RunPlan(List.of(job), 1, CompletionMode.POLL, 0, RunOptions.DEFAULT),
                        targets,
                        RunListener.NONE);
    }

    private static long above(Histogram histogram, long ns) {
        return histogram.getTotalCount() - histogram.getCountBetweenValues(0, ns);
    }

    @Test
    void stall_isSeenByEveryRequestThatWasDueMeanwhile() {
        JobOutcome outcome = run(job(true, IOPS), stalling());

        OpenLoopOutcome open = outcome.openLoop().orElseThrow();
        long dueInStall = IOPS * (STALL_NS - LONG_NS) / 1_000_000_000L;
        assertThat(above(open.latency(), LONG_NS)).isGreaterThanOrEqualTo(dueInStall * 9 / 10);
        assertThat(open.latency().getValueAtPercentile(99.9)).isGreaterThan(STALL_NS * 9 / 10);
        assertThat(open.latency().getTotalCount()).isEqualTo(outcome.ios());
        assertThat(open.late()).isGreaterThanOrEqualTo(dueInStall * 9 / 10);
        // Counted from the submission, as a closed loop counts, the same requests of the same run look fast.
        assertThat(above(outcome.latency().lat(), STALL_NS / 2)).isLessThanOrEqualTo(10L * DEPTH);
    }

    @Test
    void sameStallInAClosedLoop_isSeenByTheRequestsInFlightOnly() {
        JobOutcome outcome = run(job(false, 0).withPacing(JobPacing.DEFAULT), stalling());

        assertThat(outcome.openLoop()).isEmpty();
        // A busy host stalls a load thread now and then, too; an open loop would have seen some 280.
        assertThat(above(outcome.latency().lat(), STALL_NS / 2)).isBetween(1L, 10L * DEPTH);
    }

    @Test
    void rateBeyondTheDevice_isMissed() {
        FakeTargets slow = new FakeTargets(1, 1, 1 << 20).withErrnoAt(_ -> {
            sleep(2 * MS);
            return 0;
        });

        OpenLoopOutcome open = run(job(true, IOPS), slow).openLoop().orElseThrow();

        assertThat(open.missed()).isTrue();
        assertThat(open.due()).isBetween(600L, 60_000L);
        assertThat(open.skipped()).isGreaterThan(open.due() / 2);
    }

    @Test
    void rateOfAClosedLoop_isAnUpperBound() {
        JobOutcome outcome = run(job(false, IOPS), new FakeTargets(1, 1, 1 << 20));

        assertThat(outcome.openLoop()).isEmpty();
        assertThat(outcome.ios()).isLessThanOrEqualTo(outcome.measuredNs() * IOPS / 1_000_000_000L + 1);
        assertThat(outcome.ios()).isGreaterThan(IOPS / 10);
    }

    @Test
    void sizeBoundOpenLoop_endsByItselfAndSkipsNothing() {
        JobSpec job = job(true, 20_000).withTiming(JobSpec.defaults("x").timing());

        JobOutcome outcome = run(job, new FakeTargets(1, 1, 1 << 20));

        assertThat(outcome.ios()).isEqualTo(256);
        assertThat(outcome.openLoop().orElseThrow().skipped()).isZero();
        assertThat(outcome.openLoop().orElseThrow().due()).isEqualTo(256);
    }

    @Test
    void pacedThread_allocatesNothingPerRequest() {
        JobSpec job = job(true, 100_000).withIodepth(32).withRampTimeNs(300 * MS);
        try (NullTargets targets = new NullTargets(1, 1, 1 << 30, 256)) {
            JobOutcome outcome = new JobRunner()
                    .run(
                            new RunPlan(List.of(job), 1, CompletionMode.POLL, 0, RunOptions.DEFAULT),
                            targets,
                            RunListener.NONE);

            assertThat(outcome.ios()).isGreaterThan(1_000);
            assertThat((double) outcome.threads().getFirst().allocatedBytes() / outcome.ios())
                    .as("bytes per request")
                    .isLessThan(0.5);
        }
    }
}
