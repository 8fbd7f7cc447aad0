package ringside.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.workloads.job.DepthSearch;
import ringside.workloads.job.JobDepth;

/** A disk that takes 100 us per request in flight, by a clock of its own. */
@Timeout(60)
class LatencyTargetTest {
    private static final long US = 1000;
    private static final long EACH_NS = 100 * US;
    private static final long LONG_NS = 60_000_000 * US;

    private long nowNs = 1;
    private long windowBeganNs;
    private int mostInFlight;

    private LatencyTarget target(int iodepth, long targetUs, double percentile, boolean goesOn) {
        DepthSearch search = new DepthSearch(targetUs * US, 50_000 * US, percentile, goesOn);
        return new LatencyTarget(new JobDepth(iodepth, iodepth, 0, 1, search));
    }

    /** Runs until the last window is over, or until a time; returns whether it ended by itself. */
    private boolean run(LatencyTarget target, long untilNs, int slowEvery) {
        target.begin(nowNs);
        long made = 0;
        while (nowNs < untilNs) {
            int inFlight = 0;
            if (target.settles(0, nowNs)) {
                windowBeganNs = nowNs;
                mostInFlight = 0;
            }
            while (!target.holds(inFlight)) {
                inFlight++;
            }
            mostInFlight = Math.max(mostInFlight, inFlight);
            long latencyNs = Math.max(1, inFlight) * EACH_NS;
            nowNs += latencyNs;
            for (int i = 0; i < inFlight; i++) {
                boolean slow = slowEvery > 0 && ++made % slowEvery == 0;
                if (target.completed(slow ? 1_000_000 * US : latencyNs, nowNs)) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource({
        "64, 1000, 10",
        "64, 100, 1",
        "64, 3200, 32",
        "64, 4700, 47",
        "8, 100000, 8",
        "1, 500, 1",
        "100, 9900, 99"
    })
    void largestDepthThatKeepsToTheTarget_isFound(int iodepth, long targetUs, int expected) {
        LatencyTarget target = target(iodepth, targetUs, 100, false);

        assertThat(run(target, LONG_NS, 0)).isTrue();

        assertThat(target.depth()).isEqualTo(expected);
        assertThat(target.met()).isTrue();
        assertThat(mostInFlight).isEqualTo(expected);
        assertThat(nowNs - windowBeganNs).isBetween(50_000 * US, 60_000 * US);
    }

    @Test
    void aFewSlowRequests_areAllowedByThePercentile() {
        LatencyTarget tolerant = target(64, 1000, 95, false);
        assertThat(run(tolerant, LONG_NS, 40)).isTrue();
        assertThat(tolerant.depth()).isEqualTo(10);

        LatencyTarget strict = target(64, 1000, 100, false);
        assertThat(run(strict, LONG_NS, 40)).isTrue();
        assertThat(strict.depth()).isEqualTo(1);
        assertThat(strict.met()).isFalse();
    }

    @Test
    void targetThatCannotBeMet_isMeasuredAtDepthOneAndMissed() {
        LatencyTarget target = target(64, 50, 90, false);

        assertThat(run(target, LONG_NS, 0)).isTrue();

        assertThat(target.depth()).isEqualTo(1);
        assertThat(target.met()).isFalse();
        assertThat(nowNs - windowBeganNs).isGreaterThanOrEqualTo(50_000 * US);
    }

    @Test
    void searchThatGoesOn_staysNearTheTargetUntilTheEnd() {
        LatencyTarget target = target(64, 1000, 100, true);

        assertThat(run(target, 5_000_000 * US, 0)).isFalse();

        assertThat(target.depth()).isBetween(9, 12);
    }
}
