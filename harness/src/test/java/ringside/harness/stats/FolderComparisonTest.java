package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Steadiness;

class FolderComparisonTest {
    private final List<RunResult> a = new ArrayList<>();
    private final List<RunResult> b = new ArrayList<>();

    private static void add(List<RunResult> side, String cell, double... iops) {
        for (double value : iops) {
            int repetition = side.size();
            side.add(Results.ok(new PlannedRun(repetition, cell, repetition, 1, Map.of("cell", cell)), value));
        }
    }

    private static RunFolder folder(String name, List<RunResult> results) {
        return new RunFolder(Path.of(name), "test", "", "A test", results.size(), results, RunFolder.DEFAULT_COMPARED);
    }

    private FolderComparison compare(String metric) {
        return FolderComparison.of(folder("a", a), folder("b", b), metric, new Criteria(0.03, 0.03, 0.05));
    }

    private Change only() {
        return compare("iops").cells().getFirst().change();
    }

    @Test
    void lossBeyondTheScatter_isRegressed() {
        add(a, "x", 100, 101, 99, 100);
        add(b, "x", 90, 91, 89, 90);

        FolderComparison comparison = compare("iops");

        assertThat(comparison.cells()).singleElement().satisfies(cell -> {
            assertThat(cell.change()).isEqualTo(Change.REGRESSED);
            assertThat(cell.ratio()).isBetween(0.899, 0.901);
            assertThat(cell.interval().contains(0.9)).isTrue();
        });
        assertThat(comparison.count(Change.REGRESSED)).isEqualTo(1);
    }

    @Test
    void gainBeyondTheScatter_isImproved() {
        add(a, "x", 100, 101, 99, 100);
        add(b, "x", 110, 111, 109, 110);

        assertThat(only()).isEqualTo(Change.IMPROVED);
    }

    @Test
    void lowerLatency_isImproved() {
        for (int i = 0; i < 4; i++) {
            PlannedRun run = new PlannedRun(i, "x", i, 1, Map.of());
            a.add(Results.result(run, RunStatus.OK, Map.of("lat_p99", new Metric(100 + i, "ns", Metric.Better.LOWER))));
            b.add(Results.result(run, RunStatus.OK, Map.of("lat_p99", new Metric(50 + i, "ns", Metric.Better.LOWER))));
        }

        assertThat(compare("lat_p99").cells().getFirst().change()).isEqualTo(Change.IMPROVED);
    }

    @Test
    void certainButSmallerThanOfInterest_isTheSame() {
        add(a, "x", 100, 100.01, 99.99, 100);
        add(b, "x", 101, 101.01, 100.99, 101);

        assertThat(only()).isEqualTo(Change.SAME);
    }

    @Test
    void quietAndEqual_isTheSame() {
        add(a, "x", 100, 101, 99, 100, 100.5);
        add(b, "x", 100, 100.5, 99.5, 101, 99);

        assertThat(only()).isEqualTo(Change.SAME);
    }

    @Test
    void noisyAndEqual_isUnderpoweredWithTheRunsThatItNeeds() {
        add(a, "x", 100, 140, 80, 120);
        add(b, "x", 90, 130, 85, 125);

        CellChange cell = compare("iops").cells().getFirst();

        assertThat(cell.change()).isEqualTo(Change.UNDERPOWERED);
        assertThat(cell.runsNeeded()).isBetween(200, 2000);
    }

    @Test
    void cellsWithoutAPartnerOrWithTooFewRuns_areListedAndNotJudged() {
        add(a, "x", 100, 101, 99);
        add(a, "gone", 1, 2, 3);
        add(a, "short", 5, 6);
        add(b, "x", 100, 101, 99);
        add(b, "short", 5, 6);
        add(b, "new", 1, 2, 3);

        assertThat(compare("iops").cells())
                .extracting(CellChange::cell, CellChange::change)
                .contains(
                        tuple("gone", Change.ONLY_IN_A),
                        tuple("new", Change.ONLY_IN_B),
                        tuple("short", Change.TOO_FEW_RUNS));
    }

    @Test
    void runsThatAreNotValid_doNotCount() {
        add(a, "x", 100, 101, 99);
        add(b, "x", 100, 101, 99);
        b.set(
                0,
                Results.result(
                        new PlannedRun(0, "x", 0, 1, Map.of()),
                        RunStatus.INVALID,
                        Map.of("iops", new Metric(1, "1/s", Metric.Better.HIGHER))));

        assertThat(only()).isEqualTo(Change.TOO_FEW_RUNS);
    }

    @Test
    void whatElseDiffers_isNamed() {
        add(a, "x", 100, 101, 99);
        add(b, "x", 100, 101, 99);

        assertThat(compare("iops").differences()).isEmpty();
        RunResult run = b.getFirst();
        b.set(0, with(run, Map.of("bs", "8k", "image", Path.of("b").toAbsolutePath() + "/scratch0.raw")));
        a.set(0, with(a.getFirst(), Map.of("bs", "4k", "image", Path.of("a").toAbsolutePath() + "/scratch0.raw")));
        assertThat(compare("iops").differences()).containsExactly(Map.entry("option bs", "4k -> 8k"));
    }

    private static RunResult with(RunResult run, Map<String, String> options) {
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                run.status(),
                run.reason(),
                run.axes(),
                options,
                run.metrics(),
                run.histograms(),
                run.series(),
                run.threadCpuNs(),
                run.checks(),
                run.jobs(),
                run.steadiness(),
                run.events(),
                run.command(),
                run.provenance());
    }

    @Test
    void nothingInCommon_isRefused() {
        add(a, "x", 100);
        add(b, "y", 100);

        assertThatThrownBy(() -> compare("iops"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("no cell in common");
        assertThatThrownBy(() -> compare("speed"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("use one of iops");
    }

    /** Holm's method keeps the promise over all cells: twenty cells of noise, fifty times. */
    @Test
    void manyCellsOfNoise_rarelyGiveAnAlarm() {
        SplittableRandom random = new SplittableRandom(5);
        int alarms = 0;
        for (int i = 0; i < 50; i++) {
            a.clear();
            b.clear();
            for (int cell = 0; cell < 20; cell++) {
                add(a, "c" + cell, random.doubles(5, 80, 120).toArray());
                add(b, "c" + cell, random.doubles(5, 80, 120).toArray());
            }
            FolderComparison comparison = compare("iops");
            alarms += comparison.count(Change.REGRESSED) + comparison.count(Change.IMPROVED) > 0 ? 1 : 0;
        }

        assertThat(alarms).isLessThanOrEqualTo(8);
    }

    @Test
    void cellWhoseRunsMixLevels_isNamedWithTheSide() {
        for (int i = 0; i < 4; i++) {
            PlannedRun run = new PlannedRun(i, "x", i, 1, Map.of());
            a.add(Results.steadiness(Results.ok(run, 100 + i), Steadiness.Shape.FLAT));
            b.add(Results.steadiness(
                    Results.ok(run, 100 + i), i < 2 ? Steadiness.Shape.WARM_UP : Steadiness.Shape.FLAT));
        }

        assertThat(compare("iops").unsteady()).containsExactly(Map.entry("x", "B: warm-up in 2 of 4 runs"));
    }
}
