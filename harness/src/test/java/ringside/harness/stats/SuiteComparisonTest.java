package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

class SuiteComparisonTest {
    private final List<RunResult> results = new ArrayList<>();

    @Test
    void steadyGain_isFasterWithItsRatio() {
        for (int repetition = 0; repetition < 4; repetition++) {
            double drift = 1 + 0.2 * repetition; // common to both sides of a pair
            add("big-lock", repetition, 100 * drift);
            add("iothread", repetition, 150 * drift + 0.01 * repetition);
        }

        Comparison overall = compare().overall();

        assertThat(overall.verdict()).isEqualTo(Verdict.FASTER);
        assertThat(overall.ratio()).isCloseTo(1.5, within(0.001));
        assertThat(overall.interval().low()).isGreaterThan(1.49);
        assertThat(overall.pairs()).isEqualTo(4);
        assertThat(compare().cells())
                .singleElement()
                .satisfies(cell -> assertThat(cell.at()).isEqualTo(Map.of("driver", "raw")));
    }

    @Test
    void steadyLoss_isSlower() {
        for (int repetition = 0; repetition < 3; repetition++) {
            add("big-lock", repetition, 100 + repetition);
            add("iothread", repetition, 50 + repetition);
        }

        assertThat(compare().overall().verdict()).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void noise_showsNoDifference() {
        double[] contender = {90, 115, 97, 104};
        for (int repetition = 0; repetition < 4; repetition++) {
            add("big-lock", repetition, 100);
            add("iothread", repetition, contender[repetition]);
        }

        assertThat(compare().overall().verdict()).isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
    }

    @Test
    void invalidRuns_areNotCounted() {
        for (int repetition = 0; repetition < 3; repetition++) {
            add("big-lock", repetition, 100);
            add("iothread", repetition, 150);
        }
        results.set(
                0,
                Results.result(
                        planned("big-lock", 0),
                        RunStatus.INVALID,
                        results.get(0).metrics()));

        Comparison overall = compare().overall();

        assertThat(overall.pairs()).isEqualTo(2);
        assertThat(overall.verdict()).isEqualTo(Verdict.TOO_FEW_RUNS);
    }

    @Test
    void noRunsAtAll_isTooFew() {
        assertThat(compare().overall().verdict()).isEqualTo(Verdict.TOO_FEW_RUNS);
    }

    @Test
    void lowerIsBetterMetric_turnsTheVerdict() {
        for (int repetition = 0; repetition < 3; repetition++) {
            addMetric("big-lock", repetition, 100 + repetition, Metric.Better.LOWER);
            addMetric("iothread", repetition, 50 + repetition, Metric.Better.LOWER);
        }

        assertThat(compare().overall().verdict()).isEqualTo(Verdict.FASTER);
    }

    /** The bootstrap alone would cover about 75 % here; the promise is 95 %. */
    @Test
    void threePairsWithoutTrueDifference_intervalCoversOneAsPromised() {
        RandomGenerator random = new SplittableRandom(20_261_122);
        int trials = 300;
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[] logs = {random.nextGaussian() / 50, random.nextGaussian() / 50, random.nextGaussian() / 50};
            covered += PairedRatio.interval(new double[][] {logs}, trial).contains(1) ? 1 : 0;
        }

        assertThat(covered / (double) trials).isGreaterThan(0.92);
    }

    private SuiteComparison compare() {
        return SuiteComparison.of(results, RunFolder.DEFAULT_COMPARED, "iops");
    }

    private void add(String threading, int repetition, double iops) {
        addMetric(threading, repetition, iops, Metric.Better.HIGHER);
    }

    private void addMetric(String threading, int repetition, double value, Metric.Better better) {
        results.add(Results.result(
                planned(threading, repetition), RunStatus.OK, Map.of("iops", new Metric(value, "1/s", better))));
    }

    private static PlannedRun planned(String threading, int repetition) {
        return new PlannedRun(0, threading, repetition, 1, Map.of("threading", threading, "driver", "raw"));
    }
}
