package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.inference.TTest;
import org.junit.jupiter.api.Test;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

class PairedLogsTest {
    private static final Criteria CRITERIA = new Criteria(0.03, 0.01, 0.004);

    private static RunResult run(int repetition, double iops) {
        return Results.ok(new PlannedRun(repetition, "x", repetition, 1, Map.of()), iops);
    }

    private static RunFolder folder(String name, List<RunResult> results) {
        return new RunFolder(Path.of(name), "test", "", "A test", results.size(), results, RunFolder.DEFAULT_COMPARED);
    }

    private static CellChange paired(List<RunResult> a, List<RunResult> b, Criteria criteria) {
        return FolderComparison.paired(folder("a", a), folder("b", b), "iops", criteria)
                .cells()
                .getFirst();
    }

    @Test
    void pValue_isThatOfThePairedTest() {
        double[] a = {100, 104, 99, 107, 102};
        double[] b = {97, 103, 95, 106, 100};
        double[] logsA = new double[a.length];
        double[] logsB = new double[b.length];
        for (int i = 0; i < a.length; i++) {
            logsA[i] = Math.log(a[i]);
            logsB[i] = Math.log(b[i]);
        }

        assertThat(new PairedLogs(a, b).pValue()).isCloseTo(new TTest().pairedTTest(logsB, logsA), within(1e-9));
    }

    @Test
    void sidesOfDifferentLength_areRefused() {
        assertThatThrownBy(() -> new PairedLogs(new double[] {1, 2}, new double[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostThatSlowsDown_hidesALossFromFoldersButNotFromPairs() {
        List<RunResult> a = new ArrayList<>();
        List<RunResult> b = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 12; i++) {
            double host = 100_000 * Math.exp(-0.03 * i);
            a.add(run(i, host * (1 + 0.005 * random.nextGaussian())));
            b.add(run(i, host * 0.97 * (1 + 0.005 * random.nextGaussian())));
        }

        CellChange inPairs = paired(a, b, CRITERIA);
        CellChange apart = FolderComparison.of(folder("a", a), folder("b", b), "iops", CRITERIA)
                .cells()
                .getFirst();

        assertThat(inPairs.change()).isEqualTo(Change.REGRESSED);
        assertThat(inPairs.interval().contains(0.97)).isTrue();
        assertThat(apart.change()).isEqualTo(Change.UNDERPOWERED);
    }

    @Test
    void runWithoutAValidPartner_doesNotCount() {
        List<RunResult> a = new ArrayList<>();
        List<RunResult> b = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            a.add(run(i, 100 + i));
            if (i != 2) {
                PlannedRun planned = new PlannedRun(i, "x", i, 1, Map.of());
                b.add(i == 4 ? Results.result(planned, RunStatus.INVALID, Map.of()) : run(i, 100 + i));
            }
        }

        assertThat(paired(a, b, CRITERIA)).satisfies(cell -> {
            assertThat(cell.runsA()).isEqualTo(4);
            assertThat(cell.runsB()).isEqualTo(4);
            assertThat(cell.ratio()).isEqualTo(1);
        });
    }

    @Test
    void sureButWithinTheTolerance_isTheSame() {
        List<RunResult> a = new ArrayList<>();
        List<RunResult> b = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            a.add(run(i, 1000 + i % 2));
            b.add(run(i, 992 + i % 3));
        }

        assertThat(paired(a, b, CRITERIA).change()).isEqualTo(Change.SAME);
        assertThat(paired(a, b, new Criteria(0.03, 0.001, 0.004)).change()).isEqualTo(Change.REGRESSED);
    }

    @Test
    void criteriaWithAToleranceAboveTheEffect_areRefused() {
        assertThatThrownBy(() -> new Criteria(0.01, 0.02, 0.05)).isInstanceOf(IllegalArgumentException.class);
    }
}
