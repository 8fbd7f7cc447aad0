package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.Results;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.stats.UslModel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScalingCommandTest {
    private static final UslModel LOCKED = new UslModel(20_000, 0.1, 0.004);
    private static final UslModel PARALLEL = new UslModel(18_000, 0.01, 0);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeFolder() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        List<PlannedRun> runs = new ArrayList<>();
        Files.createDirectories(folder.resolve("results"));
        for (String threading : List.of("big-lock", "iothread")) {
            for (int n : new int[] {1, 2, 4, 8, 16, 24}) {
                for (int repetition = 0; repetition < 3; repetition++) {
                    PlannedRun run = new PlannedRun(
                            runs.size(),
                            threading + "_" + n,
                            repetition,
                            1,
                            Map.of("threading", threading, "vcpus", "" + n));
                    runs.add(run);
                    double iops = (threading.equals("big-lock") ? LOCKED : PARALLEL).throughput(n)
                            * (1 + 0.01 * random.nextGaussian());
                    RunResult result = Results.ok(run, iops);
                    Files.writeString(
                            folder.resolve("results").resolve(run.fileStem() + ".json"), ResultJson.write(result));
                }
            }
        }
        Plan plan = new Plan(
                RunResult.SCHEMA_VERSION,
                "test",
                "A test",
                1,
                3,
                "abc",
                List.of(),
                Map.of(),
                RunFolder.DEFAULT_COMPARED,
                runs);
        Files.writeString(folder.resolve("plan.json"), ResultJson.write(plan));
        Files.writeString(folder.resolve("suite.yaml"), "name: test\n");
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void eachPointOfTheOtherAxes_hasItsCurveWithKneeAndPeak() {
        assertThat(run("scaling", folder.toString(), "--predict", "32", "--predict", "100"))
                .isZero();

        assertThat(out.toString())
                .contains("threading=big-lock: iops by vcpus", "threading=iothread: iops by vcpus")
                .containsPattern("alpha \\(contention, sigma\\) 0\\.(09|10)\\d* \\[")
                .containsPattern("peak N\\* +1[45](\\.\\d)? \\[1[345]")
                .containsPattern("predicted at 32: [78]\\d(\\.\\d)?k \\[")
                .contains("not predicted at 100: 100 is more than 2 times the largest level, 24")
                .contains(
                        "not predicted at 32: the levels up to 24 do not show whether throughput falls: beta may be 0");
    }

    @Test
    void json_holdsFiguresAndIntervals() {
        run("scaling", folder.toString(), "--axis", "vcpus", "--format", "json");

        JsonNode fit = JsonMapper.shared()
                .readTree(out.toString())
                .path("curves")
                .path(0)
                .path("fit");
        assertThat(fit.path("alpha").path("interval").path("low").doubleValue())
                .isBetween(0.05, fit.path("alpha").path("value").doubleValue());
        assertThat(fit.path("beta").path("interval").path("low").doubleValue()).isPositive();
        assertThat(fit.path("describes").booleanValue()).isTrue();
    }

    @Test
    void wrongAxis_isOneLineWithTheChoice() {
        assertThat(run("scaling", folder.toString(), "--axis", "threading")).isEqualTo(2);
        assertThat(run("scaling", folder.toString(), "--axis", "disks")).isEqualTo(2);

        assertThat(err.toString())
                .contains("axis 'threading' has the value 'big-lock', which is no number of at least 1")
                .contains("has no axis 'disks'; its axes: ");
    }
}
