package ringside.harness.gate.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import ringside.harness.gate.Baseline;
import ringside.harness.gate.Gate;
import ringside.harness.gate.GateVerdict;
import ringside.harness.gate.Rules;
import ringside.harness.stats.RecordedNoise;

/**
 * How often the gate is wrong, on noise of real runs, resampled. {@code scripts/gate-proof recorded} draws thousands where a build
 * draws sixty.
 */
class GateSimulationTest {
    private static final int DECISIONS = Integer.getInteger("ringside.simulations", 60);
    private static final int PAIRS = 20;
    private static final int CELLS = 3;

    private final SplittableRandom random = new SplittableRandom(5);
    private final RecordedNoise noise = System.getProperty("ringside.recorded") == null
            ? RecordedNoise.ofSources()
            : RecordedNoise.ofFolder(Path.of(System.getProperty("ringside.recorded")), "iops");

    /** Runs right after each other, in turns who goes first. */
    private PairData pairs(double slowdown, double scale) {
        Map<String, List<double[]>> cells = new LinkedHashMap<>();
        for (int cell = 0; cell < CELLS; cell++) {
            double[] runs = noise.series(2 * PAIRS, random);
            List<double[]> pairs = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                double base = scaled(runs[2 * i + i % 2], scale);
                double head = scaled(runs[2 * i + 1 - i % 2], scale);
                pairs.add(new double[] {base, head * (1 - slowdown)});
            }
            cells.put("cell" + cell, pairs);
        }
        return new PairData(cells);
    }

    private static double scaled(double rate, double scale) {
        return 100_000 * Math.pow(rate / 100_000, scale);
    }

    /** The factor that makes pairs scatter by two per cent. */
    private double twoPercent() {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pairs.addAll(pairs(0, 1).cells().get("cell0"));
        }
        return 0.02 / Stats.deviation(PairData.logs(pairs));
    }

    private static double share(String claim, IntPredicate draw) {
        int hits = 0;
        for (int i = 0; i < DECISIONS; i++) {
            hits += draw.test(i) ? 1 : 0;
        }
        double percent = 100.0 * hits / DECISIONS;
        System.out.println(String.format(
                Locale.ROOT,
                "%6.2f %% of %d: %s%s",
                percent,
                DECISIONS,
                claim,
                percent > 50
                        ? ""
                        : String.format(
                                Locale.ROOT, " (at most %.2f %%, 95 %%)", 100 * Stats.upperBound(hits, DECISIONS))));
        return percent;
    }

    private static boolean isAlarm(GateVerdict verdict) {
        return verdict == GateVerdict.REGRESSED || verdict == GateVerdict.IMPROVED;
    }

    @Test
    void pairsWithoutAChange_raiseAtMost4AlarmsIn1000() {
        double falseAlarms = share(
                "A/A of 20 pairs in 3 cells, noise as recorded: false alarms",
                _ -> isAlarm(pairs(0, 1).verdict()));

        assertThat(falseAlarms).isLessThanOrEqualTo(0.4 + 100.0 / DECISIONS);
    }

    @Test
    void slowdownOfFiveAndThreePercent_isFoundInTwentyPairs() {
        double scale = twoPercent();

        assertThat(share(
                        "all cells 5 % slower, pairs scatter by 2 %: regressed",
                        _ -> pairs(0.05, scale).verdict() == GateVerdict.REGRESSED))
                .isGreaterThanOrEqualTo(95);
        assertThat(share(
                        "all cells 3 % slower, pairs scatter by 2 %: regressed",
                        _ -> pairs(0.03, scale).verdict() == GateVerdict.REGRESSED))
                .isGreaterThanOrEqualTo(90);
    }

    @Test
    void baselineOfSessions_knowsHowTheyDiffer() {
        double known =
                share("A/A of a session of 10 runs against 9 of other times: false alarms", _ -> isAlarm(sessions(9)));
        share("the same against 1, which cannot know how sessions differ: false alarms", _ -> isAlarm(sessions(1)));

        assertThat(known).isLessThanOrEqualTo(0.4 + 100.0 / DECISIONS);
    }

    private GateVerdict sessions(int n) {
        List<List<Double>> before = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            before.add(session());
        }
        return Gate.judge(Rules.standard("iops"), cell(List.of(session())), Optional.of(cell(before)), Set.of())
                .verdict();
    }

    /** Ten runs right after each other: what the host did in those minutes is in all of them. */
    private List<Double> session() {
        return Arrays.stream(noise.series(10, random)).boxed().toList();
    }

    private static Baseline cell(List<List<Double>> sessions) {
        return PairData.baseline(List.of(new Baseline.Cell("cell", Map.of(), Map.of(), Map.of("iops", sessions))));
    }
}
