package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.Option;
import ringside.workloads.job.JobSpec;
import ringside.workloads.latency.LatencySet;
import ringside.workloads.load.LanePlace;
import ringside.workloads.runner.DirectionOutcome;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.LaneOutcome;
import ringside.workloads.runner.SeriesOutcome;
import ringside.workloads.unit.IoUnit;

class SanityChecksTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int DEPTH = 10;

    private final Map<Option, String> throttle = new EnumMap<>(Option.class);
    private final Map<String, Long> threads =
            new HashMap<>(Map.of("iothread0", SECOND_NS / 2, "iothread1", SECOND_NS / 4));

    @Test
    void numbersThatFit_passEveryCheck() {
        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).isEmpty();
    }

    @Test
    void moreInFlightThanConfigured_fails() {
        assertThat(failed(20_000, 20_000, 20_000 * 4096L, 0, List.of())).containsExactly("littles_law");
    }

    @Test
    void muchLessInFlightThanConfigured_fails() {
        assertThat(failed(2_000, 2_000, 2_000 * 4096L, 0, List.of())).containsExactly("littles_law");
    }

    /** Two lanes that a busy host let run one after the other: each had its depth in flight, and a long first request. */
    @Test
    void lanesThatRanInTurns_passWithTheirLongestLatencyEach() {
        List<LaneOutcome> turns = List.of(lane(0, SECOND_NS / 2, 500), lane(SECOND_NS / 2, SECOND_NS, 500));
        JobOutcome outcome =
                new JobOutcome(turns, List.of(), new SeriesOutcome(SECOND_NS / 10, List.of(), List.of()), false);

        assertThat(failed(outcome, List.of())).isEmpty();
    }

    /** At depth 10, requests of 10 ms, and a first one per slot that had waited for most of the window. */
    private static LaneOutcome lane(long startNs, long endNs, long ios) {
        LatencySet latency = LatencySet.empty();
        latency.lat().recordValueWithCount(10_000_000, ios - DEPTH);
        latency.lat().recordValueWithCount(700_000_000, DEPTH);
        DirectionOutcome reads = new DirectionOutcome(IoUnit.Op.READ, ios, ios * 4096, 0, latency);
        return new LaneOutcome(
                "job",
                new LanePlace(0, 0, 0, 0),
                startNs,
                endNs,
                List.of(reads),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                false,
                Optional.empty());
    }

    @Test
    void lostLatency_fails() {
        assertThat(failed(10_000, 9_999, 10_000 * 4096L, 0, List.of())).containsExactly("histogram_count");
    }

    @Test
    void bytesThatDoNotFitTheBlockSize_fail() {
        assertThat(failed(10_000, 10_000, 10_000 * 4096L - 1, 0, List.of())).containsExactly("bandwidth");
    }

    @Test
    void failedRequestAndIdleIoThread_fail() {
        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 1, List.of("iothread1")))
                .containsExactly("errors", "idle_iothreads");
    }

    @Test
    void nothingMeasured_fails() {
        assertThat(failed(0, 0, 0, 0, List.of())).contains("ios");
    }

    @Test
    void ioThreadThatHadNoRequest_fails() {
        threads.remove("iothread1");

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).containsExactly("idle_iothreads");
    }

    @Test
    void slowIoThreadsThatShareLittleWork_pass() {
        threads.put("iothread0", 20_000L);
        threads.put("iothread1", 15_000L);

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).isEmpty();
    }

    @Test
    void presetWithoutIoThreads_passes() {
        threads.clear();

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).isEmpty();
    }

    @Test
    void throttleThatWasKept_passes() {
        throttle.put(Option.IOPS_TOTAL, "9080"); // a tenth of a second's worth more at once

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).isEmpty();
    }

    @Test
    void moreThanTheThrottleAllows_fails() {
        throttle.put(Option.IOPS_TOTAL, "9000");

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).containsExactly("throttle");
    }

    @Test
    void moreBytesThanTheThrottleAllows_fail() {
        throttle.put(Option.BPS_TOTAL, "30M");

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).containsExactly("throttle");
    }

    @Test
    void burstAllowance_countsOnce() {
        throttle.put(Option.IOPS_TOTAL, "5000");
        throttle.put(Option.IOPS_TOTAL_MAX, "6000");

        assertThat(failed(10_000, 10_000, 10_000 * 4096L, 0, List.of())).isEmpty();
    }

    @Test
    void clockAsCoarseAsTheLatency_fails() {
        assertThat(ClockCheck.check(1_000, 20, 8_000).passed()).isFalse();
        assertThat(ClockCheck.check(1_000, 20, 12_000).passed()).isTrue();
        assertThat(ClockCheck.check(1_000, 20, 0).passed()).isTrue();
        assertThat(ClockCheck.now(1e6).detail()).contains("it steps by ");
    }

    /** A second at depth 10 with requests of 1 ms. */
    private List<String> failed(long ios, long recorded, long bytes, long errors, List<String> idle) {
        LatencySet latency = LatencySet.empty();
        latency.lat().recordValueWithCount(1_000_000, recorded);
        DirectionOutcome reads = new DirectionOutcome(IoUnit.Op.READ, ios, bytes, errors, latency);
        LaneOutcome lane = new LaneOutcome(
                "job",
                new LanePlace(0, 0, 0, 0),
                0,
                SECOND_NS,
                List.of(reads),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                false,
                Optional.empty());
        JobOutcome outcome = new JobOutcome(
                List.of(lane), List.of(), new SeriesOutcome(SECOND_NS / 10, List.of(), List.of()), false);
        return failed(outcome, idle);
    }

    private List<String> failed(JobOutcome outcome, List<String> idle) {
        JobSource.Jobs jobs = new JobSource.Jobs(List.of(JobSpec.defaults("job").withIodepth(DEPTH)), List.of());
        return SanityChecks.of(
                        option -> throttle.getOrDefault(option, option.defaultValue()),
                        jobs,
                        outcome,
                        List.of(IdleThreads.check(2, idle, threads, SECOND_NS)))
                .stream()
                .filter(check -> !check.passed())
                .map(SanityCheck::name)
                .toList();
    }
}
