package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbSide;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.ResultStore;
import ringside.harness.results.Results;
import ringside.harness.results.RunStatus;

class GateCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final SplittableRandom random = new SplittableRandom(3);

    @TempDir
    private Path folder;

    @BeforeEach
    void measureAndRecord() throws IOException {
        results("before", 100_000);
        assertThat(run("gate", path("before"), "--record", path("base.json"))).isZero();
    }

    private void results(String name, double iops) throws IOException {
        Plan plan = Results.plan(2, 10);
        Path to = folder.resolve(name);
        Files.createDirectories(to.resolve("results"));
        Files.writeString(to.resolve("plan.json"), ResultJson.write(plan));
        Files.writeString(to.resolve("suite.yaml"), "name: test\n");
        for (PlannedRun run : plan.runs()) {
            double value = iops * Math.exp(0.01 * random.nextGaussian());
            Files.writeString(ResultStore.resultFile(to, run), ResultJson.write(Results.ok(run, value)));
        }
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void sameRate_passes() throws IOException {
        results("now", 100_000);

        assertThat(run("gate", path("now"), "--baseline", path("base.json"))).isZero();
        assertThat(out.toString()).contains("pass: 2 pass of 2");
    }

    @Test
    void regression_hasItsExitCodeAndIsInEveryFile() throws IOException {
        results("now", 93_000);

        int code = run(
                "gate",
                path("now"),
                "--baseline",
                path("base.json"),
                "--junit",
                path("gate.xml"),
                "--markdown",
                path("gate.md"));

        assertThat(code).isEqualTo(5);
        assertThat(folder.resolve("gate.xml")).content().contains("tests=\"2\" failures=\"2\"", "<failure message=");
        assertThat(folder.resolve("gate.md")).content().contains("### Ringside gate: regressed", "| **regressed** |");
    }

    @Test
    void tooFewRuns_areUndecided() {
        assertThat(run(
                        "gate",
                        path("before"),
                        "--baseline",
                        path("base.json"),
                        "--rules",
                        rules("tolerance: 0.1%\nmin-effect: 0.1%")))
                .isEqualTo(6);
        assertThat(out.toString()).containsPattern("underpowered: needs \\d+ runs a side");
    }

    private String rules(String line) {
        try {
            return Files.writeString(folder.resolve("rules.yaml"), line + "\nrules: [{metric: iops}]\n")
                    .toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runsThatFailed_areNoPass() throws IOException {
        results("now", 100_000);
        PlannedRun first = Results.plan(2, 10).runs().getFirst();
        Files.writeString(
                ResultStore.resultFile(folder.resolve("now"), first),
                ResultJson.write(Results.result(first, RunStatus.FAILED, Map.of())));

        assertThat(run("gate", path("now"), "--baseline", path("base.json"))).isEqualTo(1);
        assertThat(err.toString()).contains("1 of 20 runs failed or are invalid and do not count");
    }

    @Test
    void otherHost_isRefusedWithItsReason() throws IOException {
        Path base = folder.resolve("base.json");
        Files.writeString(base, Files.readString(base).replace("\"kernel\": \"6\"", "\"kernel\": \"5\""));

        assertThat(run("gate", path("before"), "--baseline", base.toString())).isEqualTo(7);
        assertThat(out.toString()).contains("kernel: 5 in the baseline, 6 now (--allow kernel)");
        assertThat(run("gate", path("before"), "--baseline", base.toString(), "--allow", "kernel"))
                .isZero();
        assertThat(run("gate", path("before"), "--record", base.toString(), "--add"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("was made otherwise: kernel: 5 in the baseline, 6 now");
    }

    @Test
    void addedSessions_areKept() {
        assertThat(run("gate", path("before"), "--record", path("base.json"), "--add"))
                .isZero();
        assertThat(out.toString()).contains("base.json: 2 cells, 2 sessions");
    }

    @Test
    void folderOfPairs_isJudgedByItself() throws IOException {
        results("ab/base", 100_000);
        results("ab/head", 93_000);
        Files.writeString(
                folder.resolve("ab/ab.json"),
                ResultJson.write(AbPlan.of(
                        new AbSide(AbSide.BASE, "v1", "/v1/ringside", List.of()),
                        new AbSide(AbSide.HEAD, "v2", "/v2/ringside", List.of()))));

        assertThat(run("gate", path("ab"))).isEqualTo(5);
        assertThat(run("gate", path("ab"), "--rules", rules("tolerance: 10%\nmin-effect: 20%")))
                .isZero();
        assertThat(run("gate", path("ab"), "--baseline", path("base.json"))).isEqualTo(2);
    }

    @Test
    void missingBaseline_isOneLineWithTheRemedy() {
        assertThat(run("gate", path("before"), "--baseline", path("none.json"))).isEqualTo(2);
        assertThat(run("gate", path("before"))).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .endsWith("record one with ringside gate RESULTS --record " + path("none.json"));
    }
}
