package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.harness.results.Metric;
import ringside.harness.results.Series;
import ringside.harness.results.Steadiness;
import ringside.harness.results.Steadiness.Shape;

class SteadyStateTest {
    private static final long INTERVAL_NS = 100_000_000L;
    private static final int SERIES = Integer.getInteger("ringside.simulations", 100);

    @Test
    void levelRate_isFlatAndKeepsSniasLimits() {
        Steadiness steadiness = judge(50, 0.03, 1, _ -> 1);

        assertThat(steadiness.shape()).isEqualTo(Shape.FLAT);
        assertThat(steadiness.meetsSnia()).isTrue();
        assertThat(steadiness.mixesLevels()).isFalse();
        assertThat(steadiness.detail()).contains("are kept");
    }

    @Test
    void rateThatRisesAndStays_isWarmUp() {
        Steadiness steadiness = judge(50, 0.03, 1, i -> i < 15 ? 0.6 : 1);

        assertThat(steadiness.shape()).isEqualTo(Shape.WARM_UP);
        assertThat(steadiness.settledNs()).isEqualTo(15 * INTERVAL_NS);
        assertThat(steadiness.meetsSnia()).isFalse();
    }

    @Test
    void gradualRiseOfACompiler_isWarmUp() {
        assertThat(judge(100, 0.03, 1, i -> 1 - 0.5 * Math.exp(-i / 10.0)).shape())
                .isEqualTo(Shape.WARM_UP);
    }

    @Test
    void rateThatFallsAndStays_isSlowDown() {
        assertThat(judge(50, 0.03, 1, i -> i < 25 ? 1 : 0.8).shape()).isEqualTo(Shape.SLOW_DOWN);
    }

    @Test
    void rateThatChangesNearTheEnd_hasNoSteadyState() {
        Steadiness steadiness = judge(50, 0.03, 1, i -> i < 42 ? 1 : 0.7);

        assertThat(steadiness.shape()).isEqualTo(Shape.NO_STEADY_STATE);
        assertThat(steadiness.mixesLevels()).isTrue();
    }

    @Test
    void steadyFall_isNotFlatAndDriftsTooFar() {
        Steadiness steadiness = judge(100, 0.02, 1, i -> 1 - 0.4 * i / 100);

        assertThat(steadiness.shape()).isIn(Shape.SLOW_DOWN, Shape.NO_STEADY_STATE);
        assertThat(steadiness.drift()).isCloseTo(0.32 / 0.8, within(0.02));
    }

    @Test
    void oneStalledInterval_isNoLevel() {
        assertThat(judge(50, 0.03, 1, i -> i == 20 ? 0 : 1).shape()).isEqualTo(Shape.FLAT);
    }

    @Test
    void tooFewIntervals_areNotJudged() {
        Steadiness steadiness = judge(9, 0.03, 1, _ -> 1);

        assertThat(steadiness.shape()).isEqualTo(Shape.UNKNOWN);
        assertThat(steadiness.detail()).isEqualTo("only 9 intervals, 10 are needed");
        assertThat(steadiness.meetsSnia()).isFalse();
    }

    @Test
    void noRequests_areNotJudged() {
        assertThat(judge(50, 0.03, 1, _ -> 0).shape()).isEqualTo(Shape.UNKNOWN);
    }

    @Test
    void busyCompiler_isMentionedWithTheRemedy() {
        Series iops = series(Noise.WHITE.series(50, 0.03, Bootstrap.generator(1)), _ -> 1);
        Metric jit = new Metric(1e9, "ns", Metric.Better.LOWER);

        assertThat(SteadyState.of(List.of(iops), Map.of("jit_time", jit)).detail())
                .contains("code was compiled for 20 % of the measured phase: a longer ramp_time");
        assertThat(SteadyState.of(List.of(), Map.of()).shape()).isEqualTo(Shape.UNKNOWN);
    }

    /** Also with the scatter and the memory of 100 ms on a small virtual machine. */
    @ParameterizedTest
    @CsvSource({"10,0.2,0", "20,0.2,0.3", "50,0.2,0.3", "100,0.2,0.3", "100,0.05,0.3"})
    void noiseAlone_isCalledFlatInNinetyEightOfHundred(int intervals, double cv, double memory) {
        long flat = IntStream.range(0, SERIES)
                .mapToObj(i -> SteadyState.of(
                        series(Noise.remembering(intervals, cv, memory, Bootstrap.generator(30_000_000L + i)), _ -> 1)))
                .filter(steadiness -> steadiness.shape() == Shape.FLAT)
                .count();

        report(intervals + " intervals, CV " + cv + ", memory " + memory + ": flat", flat);
        assertThat(flat).isGreaterThanOrEqualTo((long) (SERIES * 0.98 - 3 * Math.sqrt(SERIES * 0.02 * 0.98)));
    }

    @ParameterizedTest
    @CsvSource({"50,0.05,0.9", "50,0.1,0.8", "100,0.1,0.85"})
    void warmUpOfAThird_isSeenInNineteenOfTwenty(int intervals, double cv, double start) {
        long seen = IntStream.range(0, SERIES)
                .mapToObj(i -> SteadyState.of(series(
                        Noise.remembering(intervals, cv, 0, Bootstrap.generator(40_000_000L + i)),
                        at -> at < intervals / 3 ? start : 1)))
                .filter(steadiness -> steadiness.shape() == Shape.WARM_UP)
                .count();

        report(intervals + " intervals, CV " + cv + ", first third at " + start + ": warm-up", seen);
        assertThat(seen).isGreaterThanOrEqualTo((long) (SERIES * 0.95 - 3 * Math.sqrt(SERIES * 0.05 * 0.95)));
    }

    private static void report(String claim, long count) {
        if (System.getProperty("ringside.simulations") != null) {
            System.out.println(String.format(Locale.ROOT, "%6.2f %% of %d: %s", 100.0 * count / SERIES, SERIES, claim));
        }
    }

    private static Steadiness judge(int intervals, double cv, long seed, IntToDoubleFunction shape) {
        return SteadyState.of(series(Noise.WHITE.series(intervals, cv, Bootstrap.generator(seed)), shape));
    }

    private static Series series(double[] noise, IntToDoubleFunction shape) {
        List<Double> values = Arrays.stream(IntStream.range(0, noise.length)
                        .mapToDouble(i -> noise[i] * shape.applyAsDouble(i))
                        .toArray())
                .boxed()
                .toList();
        return new Series("iops", "1/s", INTERVAL_NS, values);
    }
}
