package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Series;

class RepetitionPlanTest {
    private static final OffsetDateTime BEGIN = OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final long INTERVAL_NS = 100_000_000L;
    private static final double SECOND_NS = 1e9;

    @Test
    void pilot_givesRuntimeRepeatsAndTime() {
        RepetitionPlan plan = RepetitionPlan.of(List.of(folder(1, 40, 50, 0.10, 0.03, 0)), "iops", 0.02);

        assertThat(plan.overheadNs()).isCloseTo(2 * SECOND_NS, within(1e6));
        RepetitionPlan.CellPlan cell = plan.cells().getFirst();
        assertThat(cell.withinShare()).isCloseTo(0.10, within(0.01));
        assertThat(cell.betweenShare()).isCloseTo(0.03, within(0.01));
        // sqrt(2 s / 0.1 s x 0.10^2 / 0.03^2) = 15 intervals
        assertThat(cell.runtimeNs() / SECOND_NS).isBetween(1.1, 2.2);
        assertThat(cell.runsPerSession()).isBetween(12, 26);
        assertThat(plan.common().orElseThrow().repeats()).isEqualTo(cell.runsPerSession());
    }

    @Test
    void neighboursThatRemember_areTakenTogether() {
        RepetitionPlan plan = RepetitionPlan.of(List.of(folder(1, 10, 200, 0.10, 0.03, 0.8)), "iops", 0.02);

        assertThat(plan.cells().getFirst().iterationNs()).isGreaterThanOrEqualTo(8 * INTERVAL_NS);
    }

    @Test
    void cellsThatNeedDifferentRuntimes_shareTheQuickestThatIsEnough() {
        RunFolder noisy = folder(1, 20, 50, 0.20, 0.01, 0);
        RunFolder calm = folder(1, 20, 50, 0.02, 0.02, 0);
        List<RunResult> both = new ArrayList<>(noisy.results());
        calm.results().forEach(run -> both.add(Results.cell(run, "calm")));
        RepetitionPlan plan = RepetitionPlan.of(List.of(folder(both)), "iops", 0.02);

        RepetitionPlan.Common common = plan.common().orElseThrow();
        assertThat(plan.cells()).hasSize(2);
        assertThat(common.timeNs())
                .isCloseTo(2 * common.repeats() * (common.runtimeNs() + plan.overheadNs()), within(1.0));
        assertThat(plan.cells()).allSatisfy(cell -> {
            double variance = cell.withinShare() * cell.withinShare() / (common.runtimeNs() / cell.iterationNs())
                    + cell.betweenShare() * cell.betweenShare();
            assertThat(2 * Math.sqrt(variance / common.repeats())).isLessThan(0.0215);
        });
    }

    @Test
    void fewRuns_haveNoPlan() {
        RepetitionPlan plan = RepetitionPlan.of(List.of(folder(1, 2, 50, 0.1, 0.1, 0)), "iops", 0.02);

        assertThat(plan.cells().getFirst().reason()).isEqualTo("fewer than 3 valid runs in a session");
        assertThat(plan.common()).isEmpty();
    }

    @Test
    void sessionsThatDiffer_areALevel() {
        List<RunFolder> sessions = new ArrayList<>();
        RandomGenerator random = Bootstrap.generator(4);
        for (int i = 0; i < 12; i++) {
            sessions.add(folder(i, 5, 40, 0.05, 0.01, 0, 1 + 0.05 * random.nextGaussian()));
        }

        RepetitionPlan.CellPlan cell =
                RepetitionPlan.of(sessions, "iops", 0.02).cells().getFirst();

        assertThat(cell.sessionShare()).isBetween(0.025, 0.08);
        assertThat(cell.sessions()).isGreaterThan(6);
        assertThat(cell.runsPerSession()).isLessThanOrEqualTo(3);
    }

    @Test
    void metricWithoutSeries_isRefused() {
        assertThatThrownBy(() -> RepetitionPlan.of(List.of(folder(1, 5, 50, 0.1, 0.1, 0)), "lat_p99", 0.02))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("plan for iops or bandwidth");
    }

    private static RunFolder folder(long seed, int runs, int intervals, double within, double between, double memory) {
        return folder(seed, runs, intervals, within, between, memory, 1);
    }

    /** Runs of the intervals' length that follow one another at 2 s. */
    private static RunFolder folder(
            long seed, int runs, int intervals, double within, double between, double memory, double level) {
        RandomGenerator random = Bootstrap.generator(seed);
        List<RunResult> results = new ArrayList<>();
        long everyNs = intervals * INTERVAL_NS + (long) (2 * SECOND_NS);
        for (int i = 0; i < runs; i++) {
            double factor = level * (1 + between * random.nextGaussian());
            double[] values = Noise.remembering(intervals, within, memory, random);
            List<Double> iops =
                    Arrays.stream(values).map(value -> value * factor).boxed().toList();
            PlannedRun run = new PlannedRun(i, "x", i, 1, Map.of());
            Metric runtime = new Metric(intervals * INTERVAL_NS, "ns", Metric.Better.NEITHER);
            RunResult result = Results.result(run, RunStatus.OK, Map.of("runtime", runtime));
            results.add(Results.at(
                    Results.series(result, new Series("iops", "1/s", INTERVAL_NS, iops)),
                    BEGIN.plusNanos(i * everyNs).toString(),
                    "abc",
                    "6.1"));
        }
        return folder(results);
    }

    private static RunFolder folder(List<RunResult> results) {
        return new RunFolder(Path.of("f"), "test", "", "A test", results.size(), results, RunFolder.DEFAULT_COMPARED);
    }
}
