package ringside.harness.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.UslModel;

class GateTest {
    private static final String RULES = "rules: [{metric: iops}]";

    private final SplittableRandom random = new SplittableRandom(7);

    /** A folder of two kinds of threading on 1 and 2 disks. */
    private RunFolder folder(int repeats, double cv, ToDoubleFunction<Map<String, String>> rate) {
        return folder(List.of("big-lock", "iothread"), new int[] {1, 2}, repeats, cv, rate);
    }

    private RunFolder folder(
            List<String> threadings, int[] disks, int repeats, double cv, ToDoubleFunction<Map<String, String>> rate) {
        List<RunResult> results = new ArrayList<>();
        for (int repetition = 0; repetition < repeats; repetition++) {
            for (String threading : threadings) {
                for (int n : disks) {
                    Map<String, String> axes = Map.of("threading", threading, "disks", "" + n);
                    PlannedRun run = new PlannedRun(results.size(), threading + "_" + n, repetition, 1, axes);
                    double iops = rate.applyAsDouble(axes) * Math.exp(cv * random.nextGaussian());
                    results.add(Results.result(
                            run,
                            RunStatus.OK,
                            Map.of(
                                    "iops", new Metric(iops, "1/s", Metric.Better.HIGHER),
                                    "lat_p99", new Metric(1e9 / iops, "ns", Metric.Better.LOWER),
                                    "errors", new Metric(0, "1", Metric.Better.LOWER),
                                    "host_stolen_cpus", new Metric(1, "1", Metric.Better.LOWER))));
                }
            }
        }
        return new RunFolder(Path.of("r"), "test", "", "", results.size(), results);
    }

    private static Baseline baseline(RunFolder... folders) {
        return Recording.of(List.of(folders));
    }

    private static GateResult judge(String rules, Baseline results, Baseline baseline) {
        return Gate.judge(RulesReader.parse(rules, "r"), results, Optional.of(baseline), Set.of());
    }

    private static Map<String, GateVerdict> byCell(GateResult result) {
        Map<String, GateVerdict> verdicts = new TreeMap<>();
        result.decisions().forEach(one -> verdicts.put(one.cell() + " " + one.metric(), one.verdict()));
        return verdicts;
    }

    @Test
    void slowerAndFasterCells_areTold() {
        Baseline before = baseline(folder(10, 0.01, _ -> 100_000));
        Baseline now = baseline(folder(
                10,
                0.01,
                axes -> axes.equals(Map.of("threading", "iothread", "disks", "1"))
                        ? 94_000
                        : axes.get("threading").equals("iothread") ? 110_000 : 100_000));

        GateResult result = judge(RULES, now, before);

        assertThat(byCell(result))
                .containsEntry("iothread_1 iops", GateVerdict.REGRESSED)
                .containsEntry("iothread_2 iops", GateVerdict.IMPROVED)
                .containsEntry("big-lock_1 iops", GateVerdict.PASS)
                .containsEntry("big-lock_2 iops", GateVerdict.PASS);
        assertThat(result.verdict()).isEqualTo(GateVerdict.REGRESSED);
    }

    @Test
    void tooFewRunsForTheirScatter_areUnderpoweredAndNoPass() {
        Baseline before = baseline(folder(4, 0.15, _ -> 100_000));
        Baseline now = baseline(folder(4, 0.15, _ -> 100_000));

        GateResult result = judge(RULES, now, before);

        assertThat(result.verdict()).isEqualTo(GateVerdict.UNDERPOWERED);
        assertThat(result.decisions()).allMatch(one -> one.detail().matches("needs [0-9]+ runs a side"));
        assertThat(judge(RULES + "\nunderpowered: pass", now, before).verdict()).isEqualTo(GateVerdict.PASS);
    }

    @Test
    void directionOfAMetric_decidesWhatIsWorse() {
        Baseline before = baseline(folder(10, 0.01, _ -> 100_000));
        Baseline now = baseline(folder(10, 0.01, _ -> 110_000));

        assertThat(judge("rules: [{metric: lat_p99}]", now, before).verdict()).isEqualTo(GateVerdict.IMPROVED);
        assertThat(judge("rules: [{metric: iops, direction: neither}]", now, before)
                        .verdict())
                .isEqualTo(GateVerdict.REGRESSED);
        assertThat(judge("rules: [{metric: iops, tolerance: 20%}]", now, before).verdict())
                .isEqualTo(GateVerdict.PASS);
    }

    @Test
    void limits_holdWithoutABaseline() {
        Baseline now = baseline(folder(3, 0.01, _ -> 100_000));

        GateResult result = Gate.judge(RulesReader.parse("""
                        rules:
                          - {metric: errors, at-most: 0}
                          - {metric: lat_p99, at-most: 9us, cells: big-lock_*}
                          - {metric: iops, at-least: 90k}
                        """, "r"), now, Optional.empty(), Set.of());

        assertThat(byCell(result))
                .containsEntry("big-lock_1 errors", GateVerdict.PASS)
                .containsEntry("big-lock_1 lat_p99", GateVerdict.BROKEN)
                .doesNotContainKey("iothread_1 lat_p99")
                .containsEntry("iothread_2 iops", GateVerdict.PASS);
        assertThat(result.verdict()).isEqualTo(GateVerdict.BROKEN);
    }

    @Test
    void acceptanceRule_comparesCellsOfTheSameResults() {
        Baseline now = baseline(folder(3, 0.001, axes -> axes.get("threading").equals("iothread") ? 125_000 : 100_000));
        String rule =
                "rules: [{metric: iops, against: {threading: big-lock}, expect: 'mean of 3 >= +%d %%, none < +10 %%'}]";

        GateResult holds = Gate.judge(RulesReader.parse(rule.formatted(20), "r"), now, Optional.empty(), Set.of());
        GateResult broken = Gate.judge(RulesReader.parse(rule.formatted(30), "r"), now, Optional.empty(), Set.of());

        assertThat(byCell(holds)).containsOnlyKeys("iothread_1 iops", "iothread_2 iops");
        assertThat(holds.verdict()).isEqualTo(GateVerdict.PASS);
        assertThat(broken.verdict()).isEqualTo(GateVerdict.BROKEN);
        assertThat(broken.decisions().getFirst().detail()).containsPattern("mean \\+2[45]\\.");
    }

    @Test
    void otherKernelOrOptions_areRefusedUnlessAllowed() {
        RunFolder before = folder(10, 0.01, _ -> 100_000);
        RunFolder now = new RunFolder(
                Path.of("n"),
                "test",
                "",
                "",
                40,
                folder(10, 0.01, _ -> 100_000).results().stream()
                        .map(run -> Results.onKernel(run, "7"))
                        .toList());
        Rules rules = RulesReader.parse(RULES, "r");

        GateResult refused = Gate.judge(rules, baseline(now), Optional.of(baseline(before)), Set.of("cpu"));

        assertThat(refused.verdict()).isEqualTo(GateVerdict.INCOMPATIBLE);
        assertThat(refused.decisions()).isEmpty();
        assertThat(refused.refused().getFirst().text()).isEqualTo("kernel: 6 in the baseline, 7 now");
        assertThat(Gate.judge(rules, baseline(now), Optional.of(baseline(before)), Set.of("kernel"))
                        .verdict())
                .isEqualTo(GateVerdict.PASS);
    }

    @Test
    void cellsThatCameOrWent_areTold() {
        Baseline before = baseline(folder(List.of("big-lock", "iothread"), new int[] {1}, 10, 0.01, _ -> 1e5));
        Baseline now = baseline(folder(List.of("iothread", "main-loop"), new int[] {1}, 10, 0.01, _ -> 1e5));

        GateResult result = judge(RULES, now, before);

        assertThat(byCell(result))
                .containsEntry("big-lock_1 iops", GateVerdict.MISSING)
                .containsEntry("iothread_1 iops", GateVerdict.PASS)
                .containsEntry("main-loop_1 iops", GateVerdict.NEW);
        assertThat(result.verdict()).isEqualTo(GateVerdict.MISSING);
    }

    @Test
    void sessionsThatDiffer_areTheScatterThatCounts() {
        double[] levels = {1, 1.1, 0.93, 1.04, 0.9, 1.08, 0.97};
        RunFolder[] sessions = new RunFolder[levels.length];
        for (int i = 0; i < levels.length; i++) {
            double level = 100_000 * levels[i];
            sessions[i] = folder(10, 0.005, _ -> level);
        }
        Baseline now = baseline(folder(10, 0.005, _ -> 92_000));

        assertThat(judge(RULES, now, baseline(sessions[0])).verdict()).isEqualTo(GateVerdict.REGRESSED);
        GateResult knowing = judge(RULES, now, baseline(sessions));
        assertThat(knowing.verdict()).isEqualTo(GateVerdict.UNDERPOWERED);
        assertThat(knowing.decisions().getFirst().detail()).contains("session");
    }

    @Test
    void pairs_areComparedWithTheirPartners() {
        List<RunResult> base = new ArrayList<>();
        List<RunResult> head = new ArrayList<>();
        for (PlannedRun run : Results.plan(2, 12).runs()) {
            double mood = 100_000 * Math.exp(0.2 * random.nextGaussian());
            base.add(Results.ok(run, mood));
            head.add(
                    run.repetition() == 3
                            ? Results.result(run, RunStatus.FAILED, Map.of())
                            : Results.ok(run, mood * (0.95 + 0.005 * random.nextGaussian())));
        }
        RunFolder one = new RunFolder(Path.of("base"), "test", "", "", 24, base);
        RunFolder other = new RunFolder(Path.of("head"), "test", "", "", 24, head);

        GateResult paired = Gate.judge(RulesReader.parse(RULES, "r"), Recording.ofPairs(one, other));

        assertThat(paired.verdict()).isEqualTo(GateVerdict.REGRESSED);
        assertThat(paired.decisions().getFirst().ratio()).isBetween(0.94, 0.96);
        assertThat(judge(RULES, baseline(other), baseline(one)).verdict()).isEqualTo(GateVerdict.UNDERPOWERED);
    }

    @Test
    void contentionThatRose_isARegression() {
        UslModel was = new UslModel(20_000, 0.02, 0.0005);
        UslModel is = new UslModel(20_000, 0.09, 0.0005);
        int[] disks = {1, 2, 4, 8, 12, 16};
        Baseline before = baseline(folder(List.of("iothread"), disks, 5, 0.01, axes -> was.throughput(n(axes))));
        Baseline same = baseline(folder(List.of("iothread"), disks, 5, 0.01, axes -> was.throughput(n(axes))));
        Baseline now = baseline(folder(List.of("iothread"), disks, 5, 0.01, axes -> is.throughput(n(axes))));
        String rule = "rules: [{scaling: disks, sigma: {may-rise: 0.01, at-most: 0.5}}]";

        assertThat(judge(rule, same, before).verdict()).isEqualTo(GateVerdict.PASS);
        GateResult risen = judge(rule, now, before);
        assertThat(risen.verdict()).isEqualTo(GateVerdict.REGRESSED);
        assertThat(risen.decisions().getFirst().detail()).startsWith("before [");
        assertThat(judge("rules: [{scaling: disks, sigma: {at-most: 0.05}}]", now, before)
                        .verdict())
                .isEqualTo(GateVerdict.BROKEN);
    }

    private static double n(Map<String, String> axes) {
        return Double.parseDouble(axes.get("disks"));
    }

    @Test
    void ruleForNothing_isRefused() {
        Baseline now = baseline(folder(3, 0.01, _ -> 100_000));

        assertThatThrownBy(() -> judge("rules: [{metric: iops, cells: {threading: no}}]", now, now))
                .isInstanceOf(HarnessException.class)
                .hasMessageStartingWith("r:1: cells: the rule selects no cell of suite test; its first is big-lock_1");
        assertThatThrownBy(() -> judge("rules: [{metric: iosp}]", now, now))
                .hasMessageStartingWith("no run has a metric 'iosp': use one of errors, iops, lat_p99");
        assertThatThrownBy(() -> Gate.judge(RulesReader.parse(RULES, "r"), now, Optional.empty(), Set.of()))
                .hasMessageContaining("name it with --baseline FILE");
    }

    @Test
    void file_holdsOneLinePerCellAndReadsBackEqual(@TempDir Path folder) {
        Baseline before = baseline(folder(3, 0.01, _ -> 100_000));
        Path file = folder.resolve("baseline.json");

        BaselineFile.write(file, before);

        assertThat(BaselineFile.read(file)).isEqualTo(before);
        assertThat(file).content().contains("\n    {\"cell\":\"big-lock_1\",").doesNotContain("host_stolen_cpus");
    }

    @Test
    void sessionsBeyondTheLimit_areDroppedOldestFirst() {
        Baseline one = baseline(folder(2, 0.01, _ -> 100_000));
        Baseline two = baseline(folder(3, 0.01, _ -> 100_000));

        Baseline kept = one.plus(one, 3).plus(two, 2);

        assertThat(kept.sessions()).hasSize(2);
        assertThat(kept.cell("iothread_1").orElseThrow().samples("iops"))
                .extracting(values -> values.length)
                .containsExactly(2, 3);
    }
}
