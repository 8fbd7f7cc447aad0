package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultJson;
import ringside.harness.results.Results;
import ringside.harness.results.RunResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrendCommandTest {
    private static final int FOLDERS = 32;
    private static final int STEP = 25;
    private static final OffsetDateTime BEGIN = OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    static Path history;

    /** Folder names do not follow time, so that the order is by the time of the runs. */
    @BeforeAll
    static void writeHistory() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < FOLDERS; i++) {
            double level = i < STEP ? 100_000 : 90_000;
            folder(
                    history.resolve("f%02d".formatted((i * 7) % FOLDERS)),
                    i,
                    level * (1 + 0.01 * random.nextGaussian()));
        }
    }

    /** Written without the store, which makes every file stable: that takes seconds for a history. */
    private static void folder(Path directory, int i, double iops) throws IOException {
        Plan plan = Results.plan(2, 1);
        Files.createDirectories(directory.resolve("results"));
        Files.writeString(directory.resolve("suite.yaml"), "name: test\n");
        Files.writeString(directory.resolve("plan.json"), ResultJson.write(plan));
        for (PlannedRun run : plan.runs()) {
            RunResult result = Results.at(
                    Results.ok(run, run.cell().equals("cell0") ? iops : 50_000 + 500 * (i % 3)),
                    BEGIN.plusHours(i).toString(),
                    revision(i),
                    i < STEP ? "6.1" : "6.2");
            Files.writeString(directory.resolve("results").resolve(run.fileStem() + ".json"), ResultJson.write(result));
        }
    }

    private static String revision(int i) {
        return "abc%09d".formatted(i) + "0".repeat(28);
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void step_isNamedWithItsCommitsAndWhatElseChanged() {
        assertThat(run("trend", "--history", history.toString())).isZero();

        assertThat(out.toString().replaceAll(" \\(f\\d+\\)", ""))
                .contains(
                        "regressed -10.",
                        "confirmed: last before abc000000024, first after abc000000025, 7 points since")
                .contains("also host: kernel: 6.1 -> 6.2")
                .contains("1 confirmed and 0 suspected changes of iops in 2 cells over 32 folders of suite test");
    }

    @Test
    void newRegression_failsOnlyWhileItIsNew() {
        assertThat(run("trend", "--history", history.toString(), "--fail-within", "7"))
                .isEqualTo(5);
        assertThat(run("trend", "--history", history.toString(), "--fail-within", "6"))
                .isZero();
    }

    @Test
    void json_holdsTheRevisionsOfBothSides() {
        run("trend", "--history", history.toString(), "--format", "json");

        JsonNode change = JsonMapper.shared()
                .readTree(out.toString())
                .path("cells")
                .path(0)
                .path("changes")
                .path(0);
        assertThat(change.path("kind").asString()).isEqualTo("REGRESSED");
        assertThat(change.path("firstAfter").asString()).endsWith("(f%02d)".formatted((STEP * 7) % FOLDERS));
        assertThat(change.path("ratio").doubleValue()).isBetween(0.88, 0.92);
    }

    @Test
    void markdown_isATable() {
        run("trend", "--history", history.toString(), "--format", "markdown");

        assertThat(out.toString()).contains("| cell0 | regressed -").contains("| confirmed |");
    }

    @Test
    void badInput_isOneLineWithARemedy() {
        assertThat(run("trend")).isEqualTo(2);
        assertThat(run("trend", "--history", history.toString(), "--metric", "speed"))
                .isEqualTo(2);
        assertThat(run("trend", "--history", history.resolve("f01").toString())).isEqualTo(2);

        assertThat(err.toString().lines().map(line -> line.replace(history.toString(), "H")))
                .containsExactly(
                        "ringside: trend: no results folder is named: give DIRs or --history FOLDER (see: ringside trend"
                                + " --help)",
                        "ringside: no run has a metric 'speed': use one of iops",
                        "ringside: H/f01 holds no results folder with a finished run: name the folder above them");
    }
}
